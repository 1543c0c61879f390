package signals

// Features are the marks by which a statistical model tells tickets apart: the stems of the
// ticket's and the findings' words, by themselves and in pairs, what the form says, and every
// sign that holds. Each is a hash and a weight; Name tells it in words.
type Features struct {
	Hashes  []uint32
	Weights []float32
	names   []name
	stems   []string
}

// mark is what a feature is made of: up to two texts.
type mark struct{ kind, a, b string }

// name tells a feature that a person would know: a sign, or one or two stems by their places.
type name struct {
	sign string
	a, b int32
}

// How much a feature counts by its kind, found by cross-validation on the example tickets: the
// signs are few and say much, single words are many and say little.
const (
	ofSign    = 3
	ofPair    = 2   // of figures: how many signs for each side, how many other customers
	ofForm    = 1   // service, scope, kind
	ofFinding = 1   // a word of a finding
	ofText    = 0.5 // a word of the ticket
	ofAlone   = 0.4 // the same once more, where there is no finding yet
)

// Features lists them. It reads what Read computed, and nothing else.
func (f Facts) Features() Features {
	r := f.read
	if r == nil {
		return Features{}
	}
	words := len(r.text.words)
	for _, p := range r.found {
		words += len(p.words)
	}
	room := 4*words + 64
	x := Features{make([]uint32, 0, room), make([]float32, 0, room), make([]name, 0, room), make([]string, 0, words)}
	if len(r.found) == 0 {
		x.words(r.text, ofTicketWord, ofFirstWord)
	} else {
		x.words(r.text, ofTicketWord)
	}
	for _, p := range r.found {
		x.words(p, ofFindingWord)
	}
	f.figures(&x)
	for _, name := range signNames {
		if f.values[name] == true && name != "said_urgent" && name != "found_urgent" {
			x.add(mark{"sign", name, ""}, ofSign)
		}
	}
	return x
}

func (f Facts) figures(x *Features) {
	in := f.read.in
	x.add(mark{"service", fold(in.Service), ""}, ofForm)
	x.add(mark{"family", f.text("family"), ""}, ofForm)
	x.add(mark{"affected", in.Affected, ""}, ofForm)
	x.add(mark{"kind", in.Kind, ""}, ofForm)
	similar, found := "similar "+band(f.number("similar")), "findings "+few(f.number("findings"))
	own, service := "own "+few(f.number("own_signs")), "service "+few(f.number("service_signs"))
	region := "anywhere"
	if f.text("region") != "" {
		region = "placed"
	}
	x.add(mark{similar, "", ""}, ofForm)
	x.add(mark{found, "", ""}, ofForm)
	for _, pair := range []mark{{similar, region, ""}, {similar, in.Affected, ""}, {own, service, ""}, {found, own, ""}, {found, service, ""},
		{found, similar, ""}, {found, own, service}} {
		x.add(pair, ofPair)
	}
}

func (f Facts) text(name string) string {
	s, _ := f.values[name].(string)
	return s
}

func few(n int64) string { return string(rune('0' + min(max(n, 0), 3))) }

func band(n int64) string {
	switch {
	case n == 0:
		return "none"
	case n < 3:
		return "few"
	case n < 5:
		return "some"
	}
	return "many"
}

func (x *Features) add(m mark, weight float32) {
	n := name{a: -1, b: -1}
	if m.kind == "sign" {
		n.sign = m.a
	}
	x.put(mixed(hashed(offset, m.kind), hashed(offset, m.a), hashed(offset, m.b)), weight, n)
}

func (x *Features) put(hash uint32, weight float32, n name) {
	x.Hashes = append(x.Hashes, hash)
	x.Weights = append(x.Weights, weight)
	x.names = append(x.names, n)
}

// kindOfWord is where a word stands, and how much it counts there.
type kindOfWord struct {
	hash   uint32
	weight float32
}

var (
	ofTicketWord  = kindOfWord{hashed(offset, "word"), ofText}
	ofFirstWord   = kindOfWord{hashed(offset, "first"), ofAlone}
	ofFindingWord = kindOfWord{hashed(offset, "finding"), ofFinding}
)

// words adds each word's stem, and each pair of neighbours within a sentence, once a kind.
func (x *Features) words(p passage, kinds ...kindOfWord) {
	words := p.calm()
	language := detect(p.words)
	last, before := int32(-1), uint32(0)
	for i, w := range words {
		at, stem := int32(len(x.stems)), w.known.hashes[language]
		x.stems = append(x.stems, w.known.stems[language])
		for _, k := range kinds {
			x.put(mixed(k.hash, stem, 0), k.weight, name{a: at, b: -1})
			if i > 0 && words[i-1].sentence == w.sentence {
				x.put(mixed(k.hash, before, stem), k.weight, name{a: last, b: at})
			}
		}
		last, before = at, stem
	}
}

// Name tells a feature in words; "" for one that only a machine would care for.
func (x Features) Name(i int) string {
	switch n := x.names[i]; {
	case n.sign != "":
		return n.sign
	case n.b >= 0:
		return x.stems[n.a] + " " + x.stems[n.b]
	case n.a >= 0:
		return x.stems[n.a]
	}
	return ""
}

// FNV-1a, 32 bits.
const (
	offset uint32 = 2166136261
	prime  uint32 = 16777619
)

func hashed(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * prime
	}
	return (h ^ ' ') * prime
}

// mixed makes one hash of three (the finalizer of MurmurHash3).
func mixed(a, b, c uint32) uint32 {
	h := a*31 ^ b*0x9e3779b1 ^ (c<<16|c>>16)*0x85ebca6b
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}
