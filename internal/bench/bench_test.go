package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"
)

func TestQuantiles(t *testing.T) {
	t.Parallel()
	var s sample
	for i := 100; i > 0; i-- {
		s.took = append(s.took, time.Duration(i)*time.Millisecond)
	}
	for share, want := range map[float64]time.Duration{0: 1, 0.5: 51, 0.95: 96, 1: 100} {
		if got := s.quantile(share); got != want*time.Millisecond {
			t.Errorf("quantile %v is %v", share, got)
		}
	}
	if (&sample{}).quantile(0.5) != 0 {
		t.Error("nothing took some time")
	}
}

func TestPressStopsAtAWrongAnswer(t *testing.T) {
	t.Parallel()
	answers := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if answers++; answers == 3 {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer srv.Close()
	at := target{request: func(int, int) (*http.Request, error) { return http.NewRequest(http.MethodGet, srv.URL, nil) }, status: http.StatusOK}
	if _, err := press(t.Context(), at, 1, time.Minute); err == nil {
		t.Error("a wrong answer counts as one")
	}
}

func TestFirstVisitCountsWhatTravels(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page":
			_, _ = w.Write([]byte(`<link rel=stylesheet href=/a.css><script src="/b.js"></script><svg><use href="/i.svg#x"></use><use href="/i.svg#y"></use><use href="#z"></use></svg>`))
		default:
			_, _ = w.Write([]byte("1234567890"))
		}
	}))
	defer srv.Close()
	v, err := firstVisit(t.Context(), srv.URL+"/page", "")
	if err != nil {
		t.Fatal(err)
	}
	if v.requests != 4 || v.bytes != 30+148 {
		t.Errorf("%d requests, %d bytes: %q", v.requests, v.bytes, v.parts)
	}
}

func TestProcessorTimeGrows(t *testing.T) {
	t.Parallel()
	self := os.Getpid()
	parent, before := stat(self)
	if parent != os.Getppid() {
		t.Errorf("parent %d, not %d", parent, os.Getppid())
	}
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		if _, after := stat(self); after > before {
			return
		}
	}
	t.Error("ten busy seconds took no time")
}
