package signals

import "strings"

// place is an Azure region, a country or a geography, with the geography that holds it.
type place struct{ geography, name string }

var regionLexicon = loadLexicon("region.txt")

// place is where the ticket says the trouble is: the form's word, else the first the text names.
func (r *reader) place() place {
	if !r.placed {
		r.placed, r.where = true, r.findPlace()
	}
	return r.where
}

func (r *reader) findPlace() place {
	if p := placeIn(regionLexicon.find(split(r.in.Region))); p.name != "" {
		return p
	}
	if region := strings.TrimSpace(r.in.Region); region != "" {
		return place{name: fold(region)}
	}
	return placeIn(r.text.hits[inRegions])
}

// placeIn is the first place that a text names, by its longest name: "East US 2" is not "East US".
func placeIn(hits []hit) place {
	if len(hits) == 0 {
		return place{}
	}
	first := hits[0]
	for _, h := range hits {
		if h.from == first.from && h.to > first.to {
			first = h
		}
	}
	geography, name, _ := strings.Cut(first.concept, "/")
	if name == "" {
		name = geography
	}
	return place{geography: geography, name: name}
}

// covers says whether trouble at p can be trouble at q: the same place, or one holds the other.
// An unknown place can be anywhere.
func (p place) covers(q place) bool {
	switch {
	case p.name == "" || q.name == "":
		return true
	case p.name == q.name:
		return true
	}
	return p.geography == q.name || q.geography == p.name
}
