package hours

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

var yearAgo = time.Date(2026, 1, 5, 9, 12, 0, 0, time.UTC)

// Many ask one calendar at once, copies of it too, while nothing is computed yet.
func TestACalendarIsShared(t *testing.T) {
	t.Parallel()
	spec := lyon()
	spec.Holidays = "JP" // whose library notes its work in a shared variable
	for range 20 {
		c := parse(t, spec)
		var want [8]time.Time
		var wait sync.WaitGroup
		for i := range want {
			wait.Go(func() {
				mine := c
				at, err := mine.Deadline(yearAgo, 2000*time.Hour)
				if err != nil {
					t.Error(err)
				}
				if got := mine.Elapsed(yearAgo, at); got != 2000*time.Hour {
					t.Errorf("%v", got)
				}
				parse(t, spec).Preview(yearAgo.AddDate(i, 0, 0), 400)
				want[i] = at
			})
		}
		wait.Wait()
		for _, at := range want {
			if !at.Equal(want[0]) {
				t.Errorf("%v and %v", at, want[0])
			}
		}
	}
}

func TestDeadlinesAllocateNothingOnceWarm(t *testing.T) {
	c := parse(t, lyon())
	to := yearAgo.AddDate(1, 0, 0)
	if n := testing.AllocsPerRun(100, func() {
		if _, err := c.Deadline(yearAgo, 2000*time.Hour); err != nil {
			t.Fatal(err)
		}
		c.Elapsed(yearAgo, to)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever years are asked for, a calendar remembers forty.
func TestTheIndexIsBounded(t *testing.T) {
	blocks := make([]string, 0, maxBlocks)
	for i := range maxBlocks {
		blocks = append(blocks, block{i * 60, i*60 + 59}.String())
	}
	c := parse(t, daily("Europe/Paris", blocks...))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for year := -2000; year < 4000; year += 7 {
		at := time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		if c.Elapsed(at, at.AddDate(0, 0, 2)) != 2*maxBlocks*59*time.Minute {
			t.Fatalf("in %d: %v", year, c.Elapsed(at, at.AddDate(0, 0, 2)))
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 8<<20 {
		t.Errorf("%d bytes are kept", kept)
	}
	runtime.KeepAlive(c.plan)
}

// A calendar without an hour left is found out in no time, and one that has a minute a week within the century.
func TestSearchesEnd(t *testing.T) {
	t.Parallel()
	far := parse(t, Spec{Zone: "UTC", Open: map[string][]string{"9999-12-31": {"10:00-11:00"}}})
	start := time.Now()
	if _, err := far.Deadline(yearAgo, time.Minute); err != ErrNeverOpen {
		t.Error(err)
	}
	if _, err := Always().Deadline(yearAgo, 1<<63-1); err != ErrNeverOpen {
		t.Error(err)
	}
	if got := Always().Elapsed(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); got > 101*366*24*time.Hour || got < 99*365*24*time.Hour {
		t.Errorf("%v in ten thousand years", got)
	}
	if total, sum := Always().Between(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); sum.Total() != total || len(sum) > 100*chunkDays {
		t.Errorf("%v in %d blocks", total, len(sum))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("%v", took)
	}
}

func TestNever(t *testing.T) {
	t.Parallel()
	for want, s := range map[bool]Spec{
		true:  {Zone: "UTC", Weekly: map[string][]string{"mon": {}}, Open: map[string][]string{"2026-11-11": {}}},
		false: {Zone: "UTC", Open: map[string][]string{"2026-11-11": {"10:00-11:00"}}},
	} {
		if got := parse(t, s).Never(); got != want {
			t.Errorf("%+v: %v", s, got)
		}
	}
	if !(Calendar{}).Never() || Always().Never() {
		t.Error("the zero calendar, or the one without end")
	}
}

func benchmark(b *testing.B, do func(c Calendar)) {
	c, err := Parse(lyon())
	if err != nil {
		b.Fatal(err)
	}
	do(c)
	b.ReportAllocs()
	for b.Loop() {
		do(c)
	}
}

func BenchmarkDeadlineYear(b *testing.B) {
	benchmark(b, func(c Calendar) {
		if _, err := c.Deadline(yearAgo, 2000*time.Hour); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkElapsedYear(b *testing.B) {
	to := yearAgo.AddDate(1, 0, 0)
	benchmark(b, func(c Calendar) { c.Elapsed(yearAgo, to) })
}

func BenchmarkAddYear(b *testing.B) {
	benchmark(b, func(c Calendar) {
		if _, _, err := c.Add(yearAgo, 2000*time.Hour); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkAddDay(b *testing.B) {
	benchmark(b, func(c Calendar) {
		if _, _, err := c.Add(yearAgo, 4*time.Hour); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	benchmark(b, func(c Calendar) { c.Open(yearAgo) })
}

func BenchmarkParse(b *testing.B) {
	s := lyon()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(s); err != nil {
			b.Fatal(err)
		}
	}
}

// The first question to a calendar builds its first year.
func BenchmarkFirstDeadline(b *testing.B) {
	s := lyon()
	b.ReportAllocs()
	for b.Loop() {
		c, err := Parse(s)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Deadline(yearAgo, 4*time.Hour); err != nil {
			b.Fatal(err)
		}
	}
}
