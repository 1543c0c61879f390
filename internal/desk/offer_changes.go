package desk

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// OfferChange is one thing that differs between two offers. Part and Field say
// where, Was and Now what, as stored: minutes, keys, decimal text, blocks.
type OfferChange struct {
	Part  string // "type", "hours", "prices", "general"
	Key   string // of the type or the calendar
	Name  Text   // of it
	Field string // "" for one that came or went; "target.stopped.first_reply", "weekly.mon", "price.hour"
	Was   string
	Now   string
}

// Added and Removed tell a type or calendar that came or went.
func (c OfferChange) Added() bool { return c.Field == "" && c.Now != "" }

// Removed is the opposite of Added.
func (c OfferChange) Removed() bool { return c.Field == "" && c.Was != "" }

// CompareOffers lists what makes one offer of another: types in their order,
// hours, prices, then the rest. Nothing means that both say the same.
func CompareOffers(was, now Offer) []OfferChange {
	var out []OfferChange
	out = append(out, compareParts("type", was.Types, now.Types, func(t SupportType) (string, Text, map[string]string) { return t.Key, t.Name, t.says() })...)
	out = append(out, compareParts("hours", was.Calendars, now.Calendars, func(c OfferCalendar) (string, Text, map[string]string) { return c.Key, c.Name, c.says() })...)
	out = append(out, differences(OfferChange{Part: "prices"}, was.pricesSay(), now.pricesSay())...)
	before, after := was.generalSays(), now.generalSays()
	before["order"], after["order"] = sharedOrder(was.Types, now), sharedOrder(now.Types, was)
	return append(out, differences(OfferChange{Part: "general"}, before, after)...)
}

// sharedOrder is the order of the types that another offer has as well.
func sharedOrder(types []SupportType, other Offer) string {
	var keys []string
	for _, t := range types {
		if _, there := other.Type(t.Key); there {
			keys = append(keys, t.Key)
		}
	}
	return strings.Join(keys, ",")
}

// compareParts compares two lists by their keys.
func compareParts[T any](part string, was, now []T, of func(T) (string, Text, map[string]string)) []OfferChange {
	var out []OfferChange
	before := map[string]map[string]string{}
	for _, v := range was {
		key, _, says := of(v)
		before[key] = says
	}
	kept := map[string]bool{}
	for _, v := range now {
		key, name, says := of(v)
		kept[key] = true
		old, there := before[key]
		if !there {
			out = append(out, OfferChange{Part: part, Key: key, Name: name, Now: key})
			continue
		}
		out = append(out, differences(OfferChange{Part: part, Key: key, Name: name}, old, says)...)
	}
	for _, v := range was {
		if key, name, _ := of(v); !kept[key] {
			out = append(out, OfferChange{Part: part, Key: key, Name: name, Was: key})
		}
	}
	return out
}

// differences compares what two say, field by field.
func differences(at OfferChange, was, now map[string]string) []OfferChange {
	var out []OfferChange
	fields := maps.Clone(was)
	maps.Copy(fields, now)
	for _, f := range slices.SortedFunc(maps.Keys(fields), compareFields) {
		if was[f] != now[f] {
			at.Field, at.Was, at.Now = f, was[f], now[f]
			out = append(out, at)
		}
	}
	return out
}

// compareFields has days and impacts in their own order, all else by name.
func compareFields(a, b string) int {
	return strings.Compare(fieldRank.Replace(a), fieldRank.Replace(b))
}

var fieldRank = strings.NewReplacer("weekly.mon", "weekly.1", "weekly.tue", "weekly.2", "weekly.wed", "weekly.3", "weekly.thu", "weekly.4", "weekly.fri", "weekly.5",
	"weekly.sat", "weekly.6", "weekly.sun", "weekly.7", ".stopped", ".1", ".slowed", ".2", ".minor", ".3")

// says is a type as texts that can be compared, without those that say nothing.
func (t SupportType) says() map[string]string {
	m := textsInto(map[string]string{"calendar": t.Calendar, "services": strings.Join(t.Services, ","), "kinds": strings.Join(t.Kinds, ","),
		"languages": strings.Join(t.Languages, ","), "givers": asJSON(t.Givers), "contacts": asJSON(t.Contacts)}, "name", t.Name)
	textsInto(m, "summary", t.Summary)
	for i, g := range t.Targets {
		for _, c := range TargetClocks {
			if n := g.minutes(c); n != 0 {
				m["target."+string(i)+"."+string(c)] = strconv.Itoa(n)
			}
		}
	}
	p := t.Terms
	for field, s := range map[string]string{"model": string(p.Model), "incident": p.Incident, "hour": p.Hour, "monthly": p.Monthly, "overage": p.Overage,
		"step": number(p.Step), "minimum": number(p.Minimum), "offhours": number(p.Factors.OffHours), "weekend": number(p.Factors.Weekend), "holiday": number(p.Factors.Holiday)} {
		m["price."+field] = s
	}
	return m
}

// textsInto adds a text's languages to what is compared.
func textsInto(m map[string]string, field string, t Text) map[string]string {
	for lang, s := range t {
		m[field+"."+lang] = s
	}
	return m
}

// number is a number that says something.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// asJSON is a list that can be compared; an empty one says nothing.
func asJSON[T any](list []T) string {
	if len(list) == 0 {
		return ""
	}
	b, err := json.Marshal(list)
	if err != nil {
		return ""
	}
	return string(b)
}

func (c OfferCalendar) says() map[string]string {
	m := textsInto(map[string]string{"zone": c.Spec.Zone, "holidays": c.Spec.Holidays, "closed": strings.Join(c.Spec.Closed, ", ")}, "name", c.Name)
	for day, blocks := range c.Spec.Weekly {
		m["weekly."+day] = strings.Join(blocks, ", ")
	}
	for date, blocks := range c.Spec.Open {
		m["open."+date] = strings.Join(blocks, ", ")
	}
	return m
}

func (o Offer) pricesSay() map[string]string {
	return textsInto(map[string]string{"currency": o.Currency}, "tax", o.Tax)
}

func (o Offer) generalSays() map[string]string {
	return map[string]string{"default": o.Default, "indexed": strconv.FormatBool(o.Indexed), "baseline": asJSON(o.Baseline), "ladder": asJSON(o.Ladder)}
}
