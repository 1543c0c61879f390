package hours

// block is a stretch of one day in minutes since its midnight; to is beyond 24 h when it runs into the next day.
type block struct{ from, to int }

// day is what one date has. A barred date also cuts what runs in from the day before.
type day struct {
	blocks []block
	barred bool
}

// on is what a date has: its exception if it is one, nothing on a holiday, the week's blocks otherwise.
func (p *plan) on(date int) day {
	if d, ok := p.exceptions[date]; ok {
		return d
	}
	if _, ok := p.holiday(date); ok {
		return day{barred: true}
	}
	return day{blocks: p.week[weekday(date)]}
}

// day appends the open time of the blocks that begin on a date. Nearly always a block is one span; a barred date
// beside it may cut it, and where a clock change brings that date back, into two.
func (p *plan) day(wall *clock, date int, into []span) []span {
	blocks := p.on(date).blocks
	if len(blocks) == 0 {
		return into
	}
	yesterday := p.on(date - 1)
	late, beside := tail(yesterday.blocks), yesterday.barred || p.on(date+1).barred
	for _, b := range blocks {
		s := span{date, wall.instant(date, max(b.from, late)), wall.instant(date, b.to)}
		switch {
		case s.from >= s.to: // the clock jumped over it
		case beside:
			into = p.cut(wall, s, into)
		default:
			into = append(into, s)
		}
	}
	return into
}

// cut appends what is left of a span without the time at which the wall shows a barred date.
func (p *plan) cut(wall *clock, s span, into []span) []span {
	first := len(into)
	for at := s.from; at < s.to; {
		date, until := wall.date(at)
		until = min(until, s.to)
		switch {
		case p.on(date).barred:
		case len(into) > first && into[len(into)-1].to == at:
			into[len(into)-1].to = until
		default:
			into = append(into, span{s.date, at, until})
		}
		at = until
	}
	return into
}
