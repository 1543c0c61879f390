package hours

import "time"

// LineKind is what a line of an explanation tells.
type LineKind string

const (
	LineBlock  LineKind = "block"  // open time that counts
	LineClosed LineKind = "closed" // dates that are skipped
	LineMore   LineKind = "more"   // what a long sum leaves out
)

// Line is one step of a sum as a reader goes through it.
type Line struct {
	Kind        LineKind
	Block       Block         // of LineBlock
	First, Last string        // the dates of LineClosed and LineMore, both included
	Why         Why           // of LineClosed
	Holiday     string        // the name, of a LineClosed that is one
	Blocks      int           // how many LineMore leaves out,
	Total       time.Duration // and their open time
}

// An explanation has at most 26 lines: of a longer one the first and the last.
const (
	firstLines = 20
	lastLines  = 5
)

// Explain puts between the blocks of a sum the dates that it skips, each with the reason; dates in a row that are
// closed for the same reason are one line.
func (c Calendar) Explain(s Sum) []Line {
	if len(s) == 0 {
		return nil
	}
	date, _ := parseDate("", s[0].Date)
	return c.the().explain(date, s)
}

// ExplainFrom is Explain with the closed dates before the first block, from the instant from which time counts.
func (c Calendar) ExplainFrom(from time.Time, s Sum) []Line {
	p := c.the()
	return p.explain(civil(from.In(p.zone)), s)
}

// explain begins with the closed dates from a date on.
func (p *plan) explain(next int, s Sum) []Line {
	var lines []Line
	for _, b := range s {
		date, err := parseDate("", b.Date)
		if err != nil {
			date = civil(b.From)
		}
		for ; next < date; next++ {
			lines = p.skip(lines, next)
		}
		next = date + 1
		lines = append(lines, Line{Kind: LineBlock, Block: b})
	}
	return fold(lines)
}

// skip tells of one date without a block, in the line before where that says the same. An open date is no skipped
// one: its hours were over, or a clock change jumped over them.
func (p *plan) skip(lines []Line, date int) []Line {
	why := p.why(date)
	if why == "" || why == WhyOpened {
		return lines
	}
	l := Line{Kind: LineClosed, First: dateString(date), Last: dateString(date), Why: why}
	if why == WhyHoliday {
		l.Holiday, _ = p.holiday(date)
	}
	if n := len(lines); n > 0 {
		last := &lines[n-1]
		if last.Kind == LineClosed && last.Why == why && last.Holiday == l.Holiday && last.Last == dateString(date-1) {
			last.Last = l.Last
			return lines
		}
	}
	return append(lines, l)
}

// fold leaves out the middle of a long explanation and says how much it was.
func fold(lines []Line) []Line {
	if len(lines) <= firstLines+1+lastLines {
		return lines
	}
	middle := lines[firstLines : len(lines)-lastLines]
	more := Line{Kind: LineMore, First: middle[0].first(), Last: middle[len(middle)-1].last()}
	for _, l := range middle {
		if l.Kind == LineBlock {
			more.Blocks++
			more.Total += l.Block.Duration()
		}
	}
	short := make([]Line, 0, firstLines+1+lastLines)
	short = append(append(short, lines[:firstLines]...), more)
	return append(short, lines[len(lines)-lastLines:]...)
}

func (l Line) first() string {
	if l.Kind == LineBlock {
		return l.Block.Date
	}
	return l.First
}

func (l Line) last() string {
	if l.Kind == LineBlock {
		return l.Block.Date
	}
	return l.Last
}
