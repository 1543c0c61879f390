package pricing

import (
	"slices"
	"strconv"
	"time"
)

// Piece is a stretch of work that lies in one kind of time; a calendar cuts an entry into them.
type Piece struct {
	From, To time.Time
	Kind     Kind
}

// entry is the whole minutes of an entry by kind, in the order of Kinds, and how they came to be.
type entry struct {
	minutes [4]int // charged: worked, and added to the kind at index
	worked  int
	minimum int // minutes added to reach the least that is charged
	rounded int // minutes added after that to reach a whole step
	added   int // index of the kind that was given them
}

// gather counts the minutes of pieces. A begun minute is a minute, once for the whole entry: it is given to the
// cheapest kind, like all that is added without having been worked at a particular time.
func (t Terms) gather(pieces []Piece) (entry, error) {
	var e entry
	var spans [4]time.Duration
	var whole time.Duration
	cheapest := -1
	for _, p := range pieces {
		i := slices.Index(Kinds, p.Kind)
		span := p.To.Sub(p.From)
		switch {
		case i < 0:
			return e, ErrKind
		case span < 0:
			return e, ErrNegative
		case span > MostMinutes*time.Minute || whole+span > MostMinutes*time.Minute:
			return e, ErrTooLong
		case span == 0:
			continue
		}
		spans[i] += span
		whole += span
		if cheapest < 0 || t.Factors.Of(p.Kind) <= t.Factors.Of(Kinds[cheapest]) {
			cheapest = i
		}
	}
	if cheapest < 0 {
		return e, nil
	}
	e.added = cheapest
	begun := int((whole + time.Minute - 1) / time.Minute)
	e.worked = begun
	for i, span := range spans {
		e.minutes[i] = int(span / time.Minute)
		begun -= e.minutes[i]
	}
	e.minutes[cheapest] += begun
	return e, nil
}

// round adds what the minimum and the step ask for; nothing to an entry of no time.
func (e *entry) round(step, minimum int) {
	if e.worked == 0 {
		return
	}
	e.minimum = max(0, minimum-e.worked)
	e.rounded = up(e.worked+e.minimum, step) - e.worked - e.minimum
	e.minutes[e.added] += e.minimum + e.rounded
}

// up is the next multiple of a step, or the minutes themselves.
func up(minutes, step int) int {
	if step <= 1 {
		return minutes
	}
	return (minutes + step - 1) / step * step
}

// lines makes a line of each kind that has minutes, and those that say what was added.
func (e entry) lines(of func(kind Kind, minutes int) (Line, error)) ([]Line, error) {
	var lines []Line
	for i, minutes := range e.minutes {
		if minutes == 0 {
			continue
		}
		line, err := of(Kinds[i], minutes)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	if e.minimum > 0 {
		lines = append(lines, Line{What: ForMinimum, Kind: Kinds[e.added], Minutes: e.minimum})
	}
	if e.rounded > 0 {
		lines = append(lines, Line{What: ForRounding, Kind: Kinds[e.added], Minutes: e.rounded})
	}
	return lines, nil
}

// Time is the bill of one entry of work. The pieces are taken together, brought up to the minimum and then to a
// whole step, and each kind of time is priced at its factor. Minimum and step are of the entry: a caller who gives
// all pieces of a ticket at once has them of the ticket.
//
// Minutes that were added and not worked belong to the cheapest kind of time in the entry, the last one among
// equals: nobody pays a night for minutes in which nobody worked at night. So an entry never costs more than the
// same work cut into several, and working longer at the kinds of time that it has never costs less (each line being
// rounded, both to within the smallest unit a line). An entry that only begins in dear time is charged its minimum there.
//
// Where the terms do not charge time, and for work that is not billable, the bill tells the minutes and no price.
// Time on prepaid terms is what FromBlocks bills without any block. It fails with ErrTerms, ErrKind, ErrNegative,
// ErrTooLong or ErrTooMuch.
func (t Terms) Time(code string, pieces []Piece, billable bool) (Bill, error) {
	if t.Model == Prepaid && billable {
		bill, _, err := t.FromBlocks(code, pieces, true, nil, time.Time{})
		return bill, err
	}
	if err := t.usable(code); err != nil {
		return Bill{}, err
	}
	e, err := t.gather(pieces)
	if err != nil {
		return Bill{}, err
	}
	if t.Model != Hour || !billable {
		return e.unpaid(code, billable)
	}
	hour, err := unit(t.Hour, code)
	if err != nil {
		return Bill{}, err
	}
	e.round(t.Step, t.Minimum)
	lines, err := e.lines(func(kind Kind, minutes int) (Line, error) {
		return timed(ForTime, kind, minutes, t.Factors.Of(kind), hour)
	})
	if err != nil {
		return Bill{}, err
	}
	return total(code, lines...)
}

// unpaid tells minutes that cost nothing, as they were worked.
func (e entry) unpaid(code string, billable bool) (Bill, error) {
	what := ForIncluded
	if !billable {
		what = ForFree
	}
	lines, err := e.lines(func(kind Kind, minutes int) (Line, error) {
		return Line{What: what, Kind: kind, Minutes: minutes}, nil
	})
	if err != nil {
		return Bill{}, err
	}
	return total(code, lines...)
}

// timed is a line of minutes at a percent of the price of an hour.
func timed(what string, kind Kind, minutes, percent int, hour Amount) (Line, error) {
	amount, err := share(hour, strconv.Itoa(minutes*percent), "6000")
	return Line{What: what, Kind: kind, Minutes: minutes, Percent: percent, Unit: hour, Amount: amount}, err
}

// Weigh is how many prepaid minutes an entry takes: rounded as Time does, each kind of time then counting by its
// factor, half a minute up, so that an hour at 150 % takes 90. The lines say so; they carry no price. It fails with
// ErrTerms, ErrKind, ErrNegative or ErrTooLong.
func (t Terms) Weigh(pieces []Piece) (minutes int, lines []Line, err error) {
	if err := failure(t.checkTime()); err != nil {
		return 0, nil, err
	}
	e, err := t.gather(pieces)
	if err != nil {
		return 0, nil, err
	}
	e.round(t.Step, t.Minimum)
	lines, err = e.lines(func(kind Kind, worked int) (Line, error) {
		percent := t.Factors.Of(kind)
		line := Line{What: ForWeighed, Kind: kind, Minutes: worked, Percent: percent, Drawn: weigh(worked, percent)}
		minutes += line.Drawn
		return line, nil
	})
	return minutes, lines, err
}

func weigh(minutes, percent int) int { return (minutes*percent + 50) / 100 }
