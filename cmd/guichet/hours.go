package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"guichet/internal/hours"
)

// HoursCmd reads calendars with a question each as JSON lines and writes the answers with their sums, in the same
// order: an admin's way to check a promise.
type HoursCmd struct {
	File string `arg:"" optional:"" default:"-" help:"File of JSON lines; - is standard input."`
}

// Run answers File to standard output: every line that it can read, and it fails at the end when there was one that
// it could not.
func (c *HoursCmd) Run(ctx context.Context) error {
	return answerFile(ctx, c.File, maxLine, hoursLine)
}

// maxLine bounds one line of input, in bytes. A calendar with as many dates as may be is a tenth of it.
const maxLine = 1 << 20

// questionLine asks a calendar for a deadline, or for the open time up to an instant.
type questionLine struct {
	ID         string      `json:"id"`
	Calendar   *hours.Spec `json:"calendar"`
	From       *instant    `json:"from"`
	To         *instant    `json:"to"`
	AddMinutes *float64    `json:"add_minutes"`
}

// instant is a time with its offset, refused in plain words.
type instant struct{ time.Time }

func (i *instant) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	if err := i.UnmarshalText([]byte(text)); err != nil { // stricter than time.Parse
		return fmt.Errorf("%.60q is no instant: write 2026-03-27T16:45:00+01:00", text)
	}
	return nil
}

type deadlineLine struct {
	ID       string      `json:"id"`
	Deadline string      `json:"deadline"`
	Sum      []blockLine `json:"sum"`
}

type elapsedLine struct {
	ID      string      `json:"id"`
	Minutes float64     `json:"minutes"`
	Sum     []blockLine `json:"sum"`
}

// blockLine is one block of a sum: the date it is part of, and its ends in the calendar's zone.
type blockLine struct {
	Date    string  `json:"date"`
	From    string  `json:"from"`
	To      string  `json:"to"`
	Minutes float64 `json:"minutes"`
}

// mostTime bounds what one question may span, so that no answer is endless.
const mostTime = 100 * 365 * 24 * time.Hour

func hoursLine(line []byte, encode *json.Encoder) error {
	var q questionLine
	if err := json.Unmarshal(line, &q); err != nil {
		return err
	}
	switch {
	case q.Calendar == nil:
		return errors.New("no calendar")
	case q.From == nil:
		return errors.New("no from")
	case (q.AddMinutes == nil) == (q.To == nil):
		return errors.New("either add_minutes or to, and not both")
	}
	calendar, err := hours.Parse(*q.Calendar)
	if err != nil {
		return fmt.Errorf("calendar: %w", err)
	}
	if calendar.Never() {
		return hours.ErrNeverOpen
	}
	if q.To != nil {
		if q.To.Sub(q.From.Time) > mostTime {
			return errors.New("more than a hundred years from from to to")
		}
		elapsed, sum := calendar.Between(q.From.Time, q.To.Time)
		return encode.Encode(elapsedLine{q.ID, minutes(elapsed), blockLines(sum)})
	}
	amount := *q.AddMinutes
	if amount < 0 || amount > mostTime.Minutes() {
		return fmt.Errorf("add_minutes is %v: from 0 to %.0f", amount, mostTime.Minutes())
	}
	deadline, sum, err := calendar.Add(q.From.Time, time.Duration(math.Round(amount*float64(time.Minute))))
	if err != nil {
		return err
	}
	return encode.Encode(deadlineLine{q.ID, deadline.Format(time.RFC3339Nano), blockLines(sum)})
}

func minutes(d time.Duration) float64 { return float64(d) / float64(time.Minute) }

func blockLines(sum hours.Sum) []blockLine {
	lines := make([]blockLine, 0, len(sum))
	for _, b := range sum {
		lines = append(lines, blockLine{b.Date, b.From.Format(time.RFC3339Nano), b.To.Format(time.RFC3339Nano), minutes(b.Duration())})
	}
	return lines
}
