package hint

import (
	"bytes"
	"compress/flate"
	"hash/fnv"
	"math"
	"slices"
	"strings"
	"testing"
)

func features(words string) ([]uint32, []float32) {
	var hashes []uint32
	var weights []float32
	for word := range strings.FieldsSeq(words) {
		h := fnv.New32a()
		h.Write([]byte(word))
		hashes, weights = append(hashes, h.Sum32()), append(weights, 1)
	}
	return hashes, weights
}

func example(words, label string) Example {
	hashes, weights := features(words)
	return Example{hashes, weights, label}
}

var labels = []string{"mail", "print"}

func taught(base *Model) *Model {
	return Train(base, labels, []Example{
		example("outlook does not open", "mail"), example("no mail since nine", "mail"), example("mail is late", "mail"),
		example("printer is out of paper", "print"), example("paper jam again", "print"), example("cannot print", "print"), example("whatever", "nothing we know"),
	})
}

func TestWhatWasTaughtIsKnown(t *testing.T) {
	t.Parallel()
	m := taught(nil)
	for words, want := range map[string]string{"mail": "mail", "the paper is gone": "print", "outlook is late": "mail"} {
		hashes, weights := features(words)
		g := m.Guess(hashes, weights)
		if g.Percent[want] <= 50 || g.Percent["mail"]+g.Percent["print"] < 99 || g.Percent["mail"]+g.Percent["print"] > 101 {
			t.Errorf("%q: %v, want %s", words, g.Percent, want)
		}
	}
	hashes, weights := features("is paper")
	if g := m.Guess(hashes, weights); !slices.Equal(g.Strongest, []int{1}) {
		t.Errorf("the strongest features are %v, want paper alone", g.Strongest)
	}
}

func TestLearningGoesOnFromAModel(t *testing.T) {
	t.Parallel()
	hashes, weights := features("toner")
	before := taught(nil).Guess(hashes, weights).Percent["print"]
	after := Train(taught(nil), labels, []Example{example("toner", "print"), example("toner empty", "print")})
	if got := after.Guess(hashes, weights).Percent["print"]; got <= before {
		t.Errorf("toner is print with %d %%, before it was taught with %d %%", got, before)
	}
	if hashes, weights = features("outlook"); after.Guess(hashes, weights).Percent["mail"] <= 50 {
		t.Error("what was known is forgotten")
	}
}

func TestLearningIsRepeatable(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(taught(nil).Encode(), taught(nil).Encode()) {
		t.Error("the same lessons gave two models")
	}
}

func TestAModelSurvivesItsFile(t *testing.T) {
	t.Parallel()
	for _, m := range []*Model{taught(nil), Shipped(), Train(nil, nil, nil)} {
		again, err := Decode(m.Encode())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(again.Labels(), m.Labels()) {
			t.Errorf("labels %v, were %v", again.Labels(), m.Labels())
		}
		hashes, weights := features("mail outlook paper jam late nine since")
		a, b := m.Guess(hashes, weights), again.Guess(hashes, weights)
		for label, n := range a.Percent {
			if math.Abs(float64(n-b.Percent[label])) > 2 {
				t.Errorf("%s is %d %%, was %d %%", label, b.Percent[label], n)
			}
		}
	}
}

func TestDecodeRefusesWhatIsNoModel(t *testing.T) {
	t.Parallel()
	packed := func(s string) []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 1)
		_, _ = w.Write([]byte(s))
		_ = w.Close()
		return b.Bytes()
	}
	whole := taught(nil).Encode()
	for name, file := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "another version": packed("guichet hint 9\n"), "no end": packed(signature + "\x01"),
		"a bomb": packed(signature + strings.Repeat("\x00", maxFile)), "too many labels": packed(signature + "\xff\x01"), "cut": whole[:len(whole)/2]} {
		if _, err := Decode(file); err == nil {
			t.Errorf("%s was read as a model", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(taught(nil).Encode())
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := Decode(file)
		if err != nil {
			return
		}
		hashes, weights := features("mail paper")
		m.Guess(hashes, weights)
	})
}

func BenchmarkGuess(b *testing.B) {
	hashes, weights := features(strings.Repeat("one two three four five six seven eight nine ten ", 100))
	b.ReportAllocs()
	for b.Loop() {
		Shipped().Guess(hashes, weights)
	}
}
