package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/surge"
)

// IncidentsCmd reads streams of tickets as JSON lines and writes for each, in the same order, the
// incidents that several customers share.
type IncidentsCmd struct {
	File string `arg:"" optional:"" default:"-" help:"File of JSON lines; - is standard input."`
}

// longestStream bounds one line, in bytes: a day of the largest desk is a tenth of it.
const longestStream = 256 << 20

// Run answers File to standard output: every line that it can read, and it fails at the end when
// there was one that it could not.
func (c *IncidentsCmd) Run(ctx context.Context) error {
	return answerFile(ctx, c.File, longestStream, streamLine)
}

// streamOf is a day's tickets of one desk as the command reads them.
type streamOf struct {
	ID        string       `json:"stream_id"`
	Weekday   string       `json:"weekday"` // Mon … Sun; Wednesday when missing
	Customers float64      `json:"customers_total"`
	Tickets   []streamItem `json:"tickets"`
}

type streamItem struct {
	ID       string  `json:"id"`
	T        float64 `json:"t"` // seconds since local midnight
	Customer string  `json:"customer"`
	Region   string  `json:"region"`
	Service  string  `json:"service"`
	Subject  string  `json:"subject"`
	Body     string  `json:"body"`
}

type foundLine struct {
	ID        string         `json:"stream_id"`
	Incidents []incidentLine `json:"incidents"`
}

type incidentLine struct {
	Service   string   `json:"service"`
	Region    *string  `json:"region"`
	Kind      string   `json:"kind"`
	Certainty string   `json:"certainty"` // finding or hint
	Detected  int64    `json:"detected_t"`
	Customers int      `json:"customers"`
	Tickets   []string `json:"tickets"`
	Why       whyLine  `json:"why"`
}

// whyLine is the arithmetic of a finding: customers within minutes, against what is usual then.
type whyLine struct {
	Customers    int     `json:"customers"`
	Minutes      float64 `json:"minutes"`
	Usual        float64 `json:"usual"`
	Probability  float64 `json:"probability"`
	FalsePerYear float64 `json:"false_per_year"`
}

// midnights are days of each weekday, from which seconds are counted.
var midnights = func() map[string]time.Time {
	days := map[string]time.Time{"": time.Date(2024, 1, 3, 0, 0, 0, 0, time.UTC)}
	for d := 1; d <= 7; d++ {
		at := time.Date(2024, 1, d, 0, 0, 0, 0, time.UTC)
		name := strings.ToLower(at.Weekday().String())
		days[name], days[name[:3]] = at, at
	}
	return days
}()

func streamLine(line []byte, encode *json.Encoder) error {
	if bytes.Equal(line, []byte("null")) {
		return errors.New("null is no stream")
	}
	var s streamOf
	if err := json.Unmarshal(line, &s); err != nil {
		return err
	}
	midnight, known := midnights[strings.ToLower(s.Weekday)]
	if !known {
		return fmt.Errorf("%.20q is no weekday: write Mon", s.Weekday)
	}
	const mostDays = 366
	for n, t := range s.Tickets {
		if math.Abs(t.T) > mostDays*24*3600 {
			return fmt.Errorf("ticket %d: t is %v: seconds since midnight, at most a year", n+1, t.T)
		}
	}
	slices.SortStableFunc(s.Tickets, func(a, b streamItem) int { return cmp.Compare(a.T, b.T) })
	d := surge.New(surge.Config{Customers: s.customers()})
	for _, t := range s.Tickets {
		at := midnight.Add(time.Duration(t.T * float64(time.Second)))
		d.Add(desk.SurgeTicket{ID: t.ID, Customer: t.Customer, At: at, Service: t.Service, Region: t.Region, Subject: t.Subject, Body: t.Body}.Read())
	}
	found := foundLine{ID: s.ID, Incidents: []incidentLine{}}
	for _, i := range d.Incidents() {
		found.Incidents = append(found.Incidents, incidentLineOf(i, midnight))
	}
	return encode.Encode(found)
}

// customers is the desk's size; where the stream does not say, at least those that it shows.
func (s streamOf) customers() int {
	if s.Customers >= 1 && s.Customers <= math.MaxInt32 {
		return int(s.Customers)
	}
	seen := map[string]bool{}
	for _, t := range s.Tickets {
		seen[t.Customer] = true
	}
	return len(seen)
}

func incidentLineOf(i surge.Incident, midnight time.Time) incidentLine {
	l := incidentLine{Service: i.Service, Kind: i.Kind, Certainty: "finding", Detected: int64(i.Detected.Sub(midnight) / time.Second),
		Customers: len(i.Touched), Tickets: i.Tickets,
		Why: whyLine{Customers: i.Why.Customers, Minutes: i.Why.Window.Minutes(), Usual: i.Why.Usual, Probability: i.Why.Probability, FalsePerYear: i.Why.FalsePerYear}}
	if i.Place != "" {
		l.Region = &i.Place
	}
	if i.Why.Hint {
		l.Certainty = "hint"
	}
	return l
}
