package desk

import (
	"encoding/base64"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestCursorsSurviveAnAddress(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		c := Cursor{Priority: rapid.IntRange(0, 4).Draw(r, "priority"), Never: rapid.Bool().Draw(r, "never"), ID: ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(r, "id"))}
		if !c.Never {
			c.At = time.UnixMicro(rapid.Int64Min(0).Draw(r, "at"))
		}
		got := ParseCursor(c.String())
		if c.Zero() {
			if c.String() != "" || !got.Zero() {
				r.Fatalf("the top of a list is %q", c.String())
			}
			return
		}
		if got.Priority != c.Priority || got.Never != c.Never || got.ID != c.ID || !c.Never && !got.At.Equal(c.At) {
			r.Fatalf("%+v comes back as %+v", c, got)
		}
	})
}

// An address can carry anything: what is read is a place in a list that the
// database can be asked for, or the top.
func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "x", Cursor{Priority: 3, At: noon, ID: NewID()}.String(), Cursor{Never: true, ID: NewID()}.String(), encoded("1." + strconv.FormatInt(-1<<63, 10) + "." + NewID().String()),
		encoded("99999." + strconv.FormatInt(1<<62, 10) + "." + NewID().String()), encoded("1.never.urn:uuid:" + NewID().String()), encoded("..")} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := ParseCursor(s)
		if c.Zero() && c != (Cursor{}) && c.ID != Nobody {
			t.Errorf("%q: %+v is no top", s, c)
		}
		if c.Priority < 0 || c.Priority > 4 || !c.Never && c.At.UnixMicro() < 0 && !c.Zero() {
			t.Errorf("%q: %+v is out of the database's range", s, c)
		}
		if again := ParseCursor(c.String()); !c.Zero() && (again.ID != c.ID || again.Never != c.Never || again.Priority != c.Priority || !c.Never && !again.At.Equal(c.At)) {
			t.Errorf("%q: %+v, then %+v", s, c, again)
		}
	})
}

func encoded(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func TestThreadsKnowTheirLastPublicMessage(t *testing.T) {
	t.Parallel()
	first, note := NewID(), NewID()
	th := Thread{Said: []Said{{Message: Message{ID: first}}, {Message: Message{ID: note, Internal: true}}}}
	if got := th.LastPublic(); got != first {
		t.Errorf("%s, want the message before the note", got)
	}
	if got := (Thread{}).LastPublic(); got != Nobody {
		t.Errorf("of nothing said: %s", got)
	}
}
