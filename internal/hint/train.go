package hint

import (
	"math"
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
	p := pupil{labels: slices.Clone(labels), bias: make([]float32, len(labels)), weights: make([]float32, buckets*len(labels))}
	if base != nil && len(base.labels) > 0 {
		p = base.pupil()
	}
	lessons := make([]lesson, 0, len(examples))
	for _, e := range examples {
		if label := slices.Index(p.labels, e.Label); label >= 0 {
			lessons = append(lessons, lesson{prepare(e.Hashes, e.Weights), label})
		}
	}
	order := rand.New(rand.NewPCG(7, 7))
	odds := make([]float64, len(p.labels))
	for round := range rounds {
		order.Shuffle(len(lessons), func(i, j int) { lessons[i], lessons[j] = lessons[j], lessons[i] })
		rate := firstStep / (1 + float64(round)*shrinking)
		for _, l := range lessons {
			p.learn(l, rate, odds)
		}
	}
	return p.model()
}

// pupil is a model while it learns.
type pupil struct {
	labels        []string
	bias, weights []float32
}

func (m *Model) pupil() pupil {
	p := pupil{slices.Clone(m.labels), slices.Clone(m.bias), make([]float32, len(m.weights))}
	for i, w := range m.weights {
		p.weights[i] = float32(w) * m.step
	}
	return p
}

// model rounds the weights to the 255 steps of a signed byte.
func (p pupil) model() *Model {
	most := float32(0)
	for _, w := range p.weights {
		most = max(most, w, -w)
	}
	m := &Model{labels: p.labels, bias: p.bias, step: max(most/127, 1e-9), weights: make([]int8, len(p.weights))}
	for i, w := range p.weights {
		m.weights[i] = int8(math.Round(float64(w / m.step)))
	}
	return m
}

type lesson struct {
	x     []feature
	label int
}

// learn takes one step down the gradient of the log loss.
func (p pupil) learn(l lesson, rate float64, odds []float64) {
	n := len(p.labels)
	for i := range odds {
		odds[i] = float64(p.bias[i])
	}
	for _, f := range l.x {
		for i, w := range p.weights[f.bucket*n : f.bucket*n+n] {
			odds[i] += float64(w * f.value)
		}
	}
	softmax(odds)
	for i := range odds {
		miss := -odds[i]
		if i == l.label {
			miss++
		}
		step := float32(rate * miss)
		p.bias[i] += step * ofBias
		for _, f := range l.x {
			w := &p.weights[f.bucket*n+i]
			*w += step*f.value - float32(rate*decay)**w
		}
	}
}
