package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/desk"
)

// OfferVersion is a version of what the desk offers.
type OfferVersion struct {
	Version     int           `json:"version" doc:"0 is what a desk offers that has published nothing."`
	Note        string        `json:"note"`
	Author      string        `json:"author"`
	PublishedAt *time.Time    `json:"published_at,omitempty"`
	Currency    string        `json:"currency,omitempty" doc:"ISO 4217."`
	Default     string        `json:"default,omitempty" doc:"The type of whoever has agreed on none."`
	Types       []SupportType `json:"types,omitempty"`
}

// SupportType is one kind of support that a customer can have.
type SupportType struct {
	Key       string             `json:"key"`
	Name      map[string]string  `json:"name" doc:"By language."`
	Summary   map[string]string  `json:"summary"`
	Hours     string             `json:"hours" doc:"The key of the hours that its clocks run by."`
	Services  []string           `json:"services" doc:"What it covers; none: all."`
	Languages []string           `json:"languages"`
	Contacts  []Contact          `json:"contacts"`
	Targets   map[string]Minutes `json:"targets" doc:"By impact: stopped, slowed, minor."`
	Model     string             `json:"model" doc:"How it is priced."`
}

// Contact is a way to reach the desk.
type Contact struct {
	Method string `json:"method"`
	Value  string `json:"value"`
}

// Minutes are what the desk gives itself, in open time; 0 is no promise.
type Minutes struct {
	FirstReply int `json:"first_reply"`
	NextReply  int `json:"next_reply"`
	Resolution int `json:"resolution"`
}

// OfferAnswer is one version of the offer.
type OfferAnswer struct {
	Body OfferVersion
}

type oneVersion struct {
	Version int `path:"version" minimum:"0" maximum:"1000000"`
}

func (d *door) offerRoutes(h huma.API) {
	const tag = "Offer"
	add(d, h, op(http.MethodGet, "/offer", desk.ScopeOffersRead, tag, "readOffer", "What the desk offers now"),
		func(ctx context.Context, who desk.Actor, _ *struct{}) (*OfferAnswer, error) {
			if err := who.May(desk.ReadTickets); err != nil {
				return nil, err
			}
			o, err := d.app.Offer(ctx, who.Desk)
			if err != nil {
				return nil, err
			}
			return &OfferAnswer{offer(o.OfferVersion)}, nil
		})
	add(d, h, op(http.MethodGet, "/offer/versions", desk.ScopeOffersRead, tag, "listOfferVersions", "The newest versions, without their content"), d.offerVersions)
	add(d, h, op(http.MethodGet, "/offer/versions/{version}", desk.ScopeOffersRead, tag, "readOfferVersion", "One version, as it was published"),
		func(ctx context.Context, who desk.Actor, in *oneVersion) (*OfferAnswer, error) {
			o, err := d.app.OfferAt(ctx, who, in.Version)
			if err != nil {
				return nil, err
			}
			return &OfferAnswer{offer(o.OfferVersion)}, nil
		})
}

func (d *door) offerVersions(ctx context.Context, who desk.Actor, in *Paged) (*Listed[OfferVersion], error) {
	b, err := d.app.OfferBook(ctx, who)
	if err != nil {
		return nil, err
	}
	return windowed(b.Versions, *in, "/offer/versions", func(v desk.OfferVersion) string { return strconv.Itoa(v.Version) }, func(v desk.OfferVersion) OfferVersion {
		v.Content = desk.Offer{}
		return offer(v)
	})
}

func offer(v desk.OfferVersion) OfferVersion {
	out := OfferVersion{Version: v.Version, Note: v.Note, Author: v.Author, Currency: v.Content.Currency, Default: v.Content.Default}
	if !v.CreatedAt.IsZero() {
		out.PublishedAt = utc(&v.CreatedAt)
	}
	for _, t := range v.Content.Types {
		s := SupportType{Key: t.Key, Name: t.Name, Summary: t.Summary, Hours: t.Calendar, Services: append([]string{}, t.Services...), Languages: append([]string{}, t.Languages...),
			Contacts: []Contact{}, Targets: map[string]Minutes{}, Model: string(t.Terms.Model)}
		if s.Summary == nil {
			s.Summary = map[string]string{}
		}
		for _, c := range t.Contacts {
			s.Contacts = append(s.Contacts, Contact{c.Method, c.Value})
		}
		for impact, m := range t.Targets {
			s.Targets[string(impact)] = Minutes{m.FirstReply, m.NextReply, m.Resolution}
		}
		out.Types = append(out.Types, s)
	}
	return out
}
