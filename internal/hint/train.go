package hint

import (
	"math/rand/v2"
	"slices"
)

// Example is a ticket that people have decided.
type Example struct {
	Hashes  []uint32
	Weights []float32
	Label   string
}

// The schedule of learning, found by cross-validation: how often each example is looked at,
// the first step's size, how fast steps shrink, and how strongly weights are drawn to zero.
const (
	rounds    = 20
	firstStep = 0.7
	shrinking = 0.15
	decay     = 2e-4
	ofBias    = 0.1
)

// Train learns labels from examples by stochastic gradient descent, starting from a model or,
// when base is nil, from nothing. The same examples in the same order give the same model.
// Examples of a label that is not among them are passed over; a base brings its own labels.
func Train(base *Model, labels []string, examples []Example) *Model {
	m := &Model{labels: slices.Clone(labels), bias: make([]float32, len(labels)), weights: make([]float32, buckets*len(labels))}
	if base != nil && len(base.labels) > 0 {
		m.labels, m.bias, m.weights = base.labels, slices.Clone(base.bias), slices.Clone(base.weights)
	}
	lessons := make([]lesson, 0, len(examples))
	for _, e := range examples {
		if label := slices.Index(m.labels, e.Label); label >= 0 {
			lessons = append(lessons, lesson{prepare(e.Hashes, e.Weights), label})
		}
	}
	order := rand.New(rand.NewPCG(7, 7))
	odds := make([]float64, len(m.labels))
	for round := range rounds {
		order.Shuffle(len(lessons), func(i, j int) { lessons[i], lessons[j] = lessons[j], lessons[i] })
		rate := firstStep / (1 + float64(round)*shrinking)
		for _, l := range lessons {
			m.learn(l, rate, odds)
		}
	}
	return m
}

type lesson struct {
	x     []feature
	label int
}

// learn takes one step down the gradient of the log loss.
func (m *Model) learn(l lesson, rate float64, odds []float64) {
	m.odds(l.x, odds)
	n := len(m.labels)
	for i := range odds {
		miss := -odds[i]
		if i == l.label {
			miss++
		}
		step := float32(rate * miss)
		m.bias[i] += step * ofBias
		for _, f := range l.x {
			w := &m.weights[f.bucket*n+i]
			*w += step*f.value - float32(rate*decay)**w
		}
	}
}
