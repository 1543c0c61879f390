package i18n

import (
	"testing"
	"time"
)

func TestSize(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		bytes           int64
		french, english string
	}{
		{0, "1 Ko", "1 kB"}, {1, "1 Ko", "1 kB"}, {421_900, "412 Ko", "412 kB"}, {1_048_000, "1 Mo", "1 MB"}, {5 << 20, "5 Mo", "5 MB"}, {5_033_165, "4,8 Mo", "4.8 MB"},
		{41_900_000, "40 Mo", "40 MB"}, {200 << 20, "200 Mo", "200 MB"}, {3 << 30, "3 Go", "3 GB"}, {5000 << 30, "5 000 Go", "5,000 GB"},
	} {
		if got := loose(New(French, time.UTC, time.Time{}).Size(tc.bytes)); got != tc.french {
			t.Errorf("%d is %q, want %q", tc.bytes, got, tc.french)
		}
		if got := loose(New(English, time.UTC, time.Time{}).Size(tc.bytes)); got != tc.english {
			t.Errorf("%d is %q, want %q", tc.bytes, got, tc.english)
		}
	}
}
