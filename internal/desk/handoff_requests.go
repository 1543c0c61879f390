package desk

import (
	"strconv"
	"time"

	"guichet/internal/dossier"
	"guichet/internal/route"
)

// HandoffRequest is what the provider's ticket is made of.
type HandoffRequest struct {
	Kind     string     `json:"kind"`
	Subject  string     `json:"subject"`
	Body     string     `json:"body"`
	Service  string     `json:"service"`
	Region   string     `json:"region,omitempty"`
	Affected string     `json:"affected"`
	Impact   string     `json:"impact"`
	Since    *time.Time `json:"since,omitempty"`
}

// RequestOf says of a ticket what its provider needs to triage it. The words are
// the dossier's, with what it masks, and not the ticket's.
func RequestOf(k Ticket, d dossier.Dossier) HandoffRequest {
	r := HandoffRequest{Kind: k.Kind, Subject: k.Subject, Service: k.Service, Region: k.Region, Affected: k.Affected, Impact: string(k.Impact), Since: k.Since}
	if f, ok := d.Field("title"); ok && f.Value != "" {
		r.Subject = f.Value
	}
	r.Subject, r.Body = firstOf(r.Subject, MaxSubject), d.Text()
	if f, ok := d.Field("description"); ok && f.Value != "" {
		r.Body = f.Value
	}
	r.Body = firstOf(r.Body, MaxBody)
	return r
}

// firstOf cuts a text to so many characters.
func firstOf(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// Submission is the form of the provider's ticket. The price is what the two
// companies agreed on when they linked their desks.
func (r HandoffRequest) Submission(key ID) Submission {
	return Submission{Kind: r.Kind, Subject: r.Subject, Body: r.Body, Service: r.Service, Region: r.Region, Affected: r.Affected, Impact: r.Impact, Since: r.Since,
		Key: key, Agreed: true}
}

// HandedNumber is a provider's ticket as the escalation's request number:
// "meridian #50311".
func HandedNumber(slug string, number int64) string {
	return slug + " #" + strconv.FormatInt(number, 10)
}

// LinkedProvider picks the link that a desk's escalations to its provider take: by
// the order of its list of providers, else the oldest.
func (h Handover) LinkedProvider(active []NamedLink) (NamedLink, bool) {
	for _, p := range h.Providers {
		for _, l := range active {
			if p.Desk != "" && p.Desk == l.OtherSlug {
				return l, true
			}
		}
	}
	if len(active) == 0 {
		return NamedLink{}, false
	}
	return active[0], true
}

// PartyOf finds the provider or the publisher of a key, as a target has it.
func (h Handover) PartyOf(t route.Target, key string) (HandoverProvider, bool) {
	list := map[route.Target][]HandoverProvider{route.Provider: h.Providers, route.Publisher: h.Publishers}[t]
	for _, p := range list {
		if p.Key == key {
			return p, true
		}
	}
	return HandoverProvider{}, false
}
