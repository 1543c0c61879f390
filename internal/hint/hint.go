// Package hint is a small statistical model of text: from the words and signs of a ticket it
// tells how likely each category is, by multinomial logistic regression over hashed features
// (Weinberger et al., Feature hashing for large scale multitask learning, ICML 2009). It learns
// from decisions that people confirmed. It never decides: rules take what it says as one more
// fact.
package hint

import (
	"math"
	"slices"
)

// buckets is how many features a model tells apart.
const buckets = 1 << 15

// Guess is how likely each label is.
type Guess struct {
	Percent   map[string]int // by label; they add up to about 100
	Strongest []int          // places of the features that spoke most for the likeliest label
}

// Model tells labels from features. It is immutable and safe for concurrent use.
type Model struct {
	labels  []string
	bias    []float32
	step    float32 // what one of a weight's 255 steps is
	weights []int8  // by bucket, then by label: small enough to stay near the processor
}

// Labels are what the model can tell apart.
func (m *Model) Labels() []string { return slices.Clone(m.labels) }

// Guess weighs the features of a ticket: their hashes, and how much each counts.
func (m *Model) Guess(hashes []uint32, weights []float32) Guess {
	x := prepare(hashes, weights)
	odds := m.odds(x, make([]float64, len(m.labels)))
	g := Guess{Percent: make(map[string]int, len(odds))}
	best := 0
	for i, p := range odds {
		g.Percent[m.labels[i]] = int(math.Round(100 * p))
		if p > odds[best] {
			best = i
		}
	}
	if len(odds) > 0 {
		g.Strongest = m.strongest(x, best)
	}
	return g
}

// feature is one of a ticket: its bucket, its share of the whole, and its place in the list.
type feature struct {
	bucket int
	value  float32
	at     int
}

// prepare gives each distinct feature a bucket, and makes a long ticket weigh as much as a
// short one.
func prepare(hashes []uint32, weights []float32) []feature {
	x := make([]feature, 0, len(hashes))
	var seen [buckets / 64]uint64
	sum := float32(0)
	for i, h := range hashes {
		b := h & (buckets - 1)
		if seen[b/64]&(1<<(b%64)) != 0 {
			continue
		}
		seen[b/64] |= 1 << (b % 64)
		x = append(x, feature{int(b), weights[i], i})
		sum += weights[i] * weights[i]
	}
	share := float32(1 / math.Sqrt(max(float64(sum), 1)))
	for i := range x {
		x[i].value *= share
	}
	return x
}

// odds fills in the probability of each label.
func (m *Model) odds(x []feature, into []float64) []float64 {
	n := len(m.labels)
	var sums [maxLabels]float32
	for _, f := range x {
		row := m.weights[f.bucket*n : f.bucket*n+n]
		to := sums[:len(row)]
		for i, w := range row {
			to[i] += float32(w) * f.value
		}
	}
	for i := range into {
		into[i] = float64(sums[i]*m.step + m.bias[i])
	}
	return softmax(into)
}

func softmax(scores []float64) []float64 {
	if len(scores) == 0 {
		return scores
	}
	top := slices.Max(scores)
	sum := 0.0
	for i, s := range scores {
		scores[i] = math.Exp(s - top)
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
	return scores
}

const shown = 5

// strongest lists the features that set a label apart from the mean of all, by their places.
func (m *Model) strongest(x []feature, label int) []int {
	type weighed struct {
		at int
		by float32
	}
	var top []weighed
	n := len(m.labels)
	for _, f := range x {
		row := m.weights[f.bucket*n : f.bucket*n+n]
		if row[label] <= 0 {
			continue
		}
		sum := 0
		for _, w := range row {
			sum += int(w)
		}
		by := (float32(row[label]) - float32(sum)/float32(n)) * f.value
		if by <= 0 || len(top) == shown && by <= top[shown-1].by {
			continue
		}
		at := len(top)
		for at > 0 && top[at-1].by < by {
			at--
		}
		top = slices.Insert(top, at, weighed{f.at, by})
		top = top[:min(len(top), shown)]
	}
	places := make([]int, len(top))
	for i, w := range top {
		places[i] = w.at
	}
	return places
}
