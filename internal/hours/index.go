package hours

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"time"
)

// The index holds the open time of a calendar in chunks of a year, each built when it is first needed. Within a
// chunk, and from chunk to chunk, a deadline or an amount is then found by search and not by walking.
const (
	chunkDays  = 366
	chunkSlots = 200 // from 1970 to 2170; other years are computed each time
	chunksKept = 40  // bounds the memory: 8 kB a chunk for two blocks a day, 140 kB at the very most
	horizon    = 100 // chunks that a search crosses: a century
	margin     = 2 * secondsPerDay
)

// chunk is the open time of the blocks that begin on one of its dates.
type chunk struct {
	first int   // civil date
	base  int64 // Unix seconds; all entries count from here, so that a date's offset from UTC fits in front
	total uint32
	spans []entry
}

// entry is an unbroken stretch of open time, in order and without overlap. All but the date are seconds.
type entry struct {
	from, to uint32 // since the chunk's base
	before   uint32 // open in the chunk before it
	date     uint16 // since the chunk's first
}

// span is an unbroken stretch of a block: the civil date that the block belongs to, and Unix seconds.
type span struct {
	date     int
	from, to int64
}

func (c *chunk) span(e entry) span {
	return span{c.first + int(e.date), c.base + int64(e.from), c.base + int64(e.to)}
}

// cursor is a place in the index: the entry that is going on or comes next, and the open time in the chunk before
// the instant that was sought.
type cursor struct {
	at    int // the chunk's number
	chunk *chunk
	entry int // may be one past the last
	open  time.Duration
}

func (p *plan) chunk(number int) *chunk {
	if number < 0 || number >= chunkSlots {
		return p.build(number)
	}
	c := p.chunks[number].Load()
	if c == nil {
		c = p.build(number)
		// Two that build the same chunk at once both count; the bound is kept all the same.
		if p.kept.Add(1) <= chunksKept {
			p.chunks[number].Store(c)
		}
	}
	return c
}

func (p *plan) build(number int) *chunk {
	c := &chunk{first: number * chunkDays}
	c.base = int64(c.first)*secondsPerDay - margin
	wall := clock{zone: p.zone}
	c.spans = make([]entry, 0, p.blocksPerWeek()*(chunkDays/7+1))
	var day [4]span
	for i := range chunkDays {
		for _, s := range p.day(&wall, c.first+i, day[:0]) {
			c.spans = append(c.spans, entry{uint32(s.from - c.base), uint32(s.to - c.base), c.total, uint16(i)})
			c.total += uint32(s.to - s.from)
		}
	}
	c.spans = slices.Clip(c.spans)
	return c
}

func (p *plan) blocksPerWeek() int {
	n := 0
	for _, blocks := range p.week {
		n += len(blocks)
	}
	return n
}

// beginning is the very start of a chunk.
func (p *plan) beginning(number int) cursor { return cursor{at: number, chunk: p.chunk(number)} }

// seek finds an instant. The date of a block that runs at t is no earlier than two days before t's in UTC, wherever
// the zone lies, so the chunk of that date or the next one has it.
func (p *plan) seek(t time.Time) cursor {
	c := p.beginning(floorDiv(floorDiv(int(t.Unix()), secondsPerDay)-2, chunkDays))
	if c.find(t); c.entry < len(c.chunk.spans) {
		return c
	}
	c = p.beginning(c.at + 1)
	c.find(t)
	return c
}

// find moves a cursor to t within its chunk.
func (c *cursor) find(t time.Time) {
	since := t.Unix() - c.chunk.base
	c.entry, _ = slices.BinarySearchFunc(c.chunk.spans, since, func(e entry, since int64) int {
		if int64(e.to) > since {
			return 1
		}
		return -1
	})
	if c.entry == len(c.chunk.spans) {
		c.open = seconds(c.chunk.total)
		return
	}
	e := c.chunk.spans[c.entry]
	c.open = seconds(e.before)
	if since >= int64(e.from) {
		c.open += time.Duration(since-int64(e.from))*time.Second + time.Duration(t.Nanosecond())
	}
}

// reach is where d, which is more than nothing, will have passed since start. The cursor is at the entry in which it
// ends.
func (p *plan) reach(start cursor, d time.Duration) (time.Time, cursor, error) {
	c, want := start, start.open
	if want += d; want < d { // more than three centuries
		return time.Time{}, c, ErrNeverOpen
	}
	for want > seconds(c.chunk.total) {
		want -= seconds(c.chunk.total)
		if c.at == start.at+horizon || p.minutes == 0 && c.chunk.first > p.last {
			return time.Time{}, c, ErrNeverOpen
		}
		c = p.beginning(c.at + 1)
	}
	c.entry, _ = slices.BinarySearchFunc(c.chunk.spans, want, func(e entry, want time.Duration) int {
		return cmp.Compare(seconds(e.before)+seconds(e.to-e.from), want)
	})
	e := c.chunk.spans[c.entry]
	c.open = want
	within := want - seconds(e.before)
	at := time.Unix(c.chunk.base+int64(e.from)+int64(within/time.Second), int64(within%time.Second))
	return at.In(p.zone), c, nil
}

// clip moves the end of a range to a century after its start, when it lies beyond.
func (p *plan) clip(start, end cursor) cursor {
	if end.at < start.at+horizon {
		return end
	}
	end = p.beginning(start.at + horizon - 1)
	end.entry, end.open = len(end.chunk.spans), seconds(end.chunk.total)
	return end
}

// passed is the open time between two places.
func (p *plan) passed(start, end cursor) time.Duration {
	total := end.open - start.open
	for c := start; c.at < end.at; c = p.beginning(c.at + 1) {
		total += seconds(c.chunk.total)
	}
	return total
}

// sum is the blocks from one place to another, cut at both instants.
func (p *plan) sum(start, end cursor, from, to time.Time) Sum {
	n := end.entry + 1 - start.entry
	for c := start; c.at < end.at; c = p.beginning(c.at + 1) {
		n += len(c.chunk.spans)
	}
	sum := make(Sum, 0, n)
	date, written := math.MinInt, ""
	for c := start; c.at <= end.at; c = p.beginning(c.at + 1) {
		upTo := len(c.chunk.spans)
		if c.at == end.at {
			upTo = min(upTo, end.entry+1)
		}
		for _, e := range c.chunk.spans[c.entry:upTo] {
			s := c.chunk.span(e)
			begins, ends := time.Unix(s.from, 0), time.Unix(s.to, 0)
			if !begins.Before(to) {
				break
			}
			if begins.Before(from) {
				begins = from
			}
			if ends.After(to) {
				ends = to
			}
			if s.date != date {
				date, written = s.date, dateString(s.date)
			}
			sum = append(sum, Block{written, begins.In(p.zone), ends.In(p.zone)})
		}
	}
	if len(sum) == 0 {
		return nil
	}
	return sum
}

// spans yields, in order, the open time from a place on, for a century at most.
func (p *plan) spans(start cursor) iter.Seq[span] {
	return func(yield func(span) bool) {
		for c := start; c.at <= start.at+horizon; c = p.beginning(c.at + 1) {
			for _, e := range c.chunk.spans[c.entry:] {
				if !yield(c.chunk.span(e)) {
					return
				}
			}
			if p.minutes == 0 && c.chunk.first > p.last {
				return
			}
		}
	}
}

func seconds[N uint32 | int64](n N) time.Duration { return time.Duration(n) * time.Second }
