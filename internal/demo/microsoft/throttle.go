package microsoft

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"time"
)

// What one application may ask of one tenant (Microsoft Graph, "Throttling
// limits", service communications).
const (
	mostMinute = 240
	mostHour   = 800
)

// throttles counts a request and answers it when there were too many. Refused
// ones count too ("all requests accrue against your usage limits").
func (s *Server) throttles(w http.ResponseWriter, tenant string) bool {
	wait := s.count(tenant)
	if wait > 0 {
		s.tooMany(w, wait)
	}
	return wait > 0
}

func (s *Server) count(tenant string) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	asked := slices.DeleteFunc(s.asked[tenant], func(t time.Time) bool { return now.Sub(t) >= time.Hour })
	if n := len(asked); n >= mostHour {
		wait = asked[n-mostHour].Add(time.Hour).Sub(now)
	} else if n >= mostMinute && now.Sub(asked[n-mostMinute]) < time.Minute {
		wait = asked[n-mostMinute].Add(time.Minute).Sub(now)
	}
	s.asked[tenant] = append(asked, now)
	return wait
}

func (s *Server) tooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(int(math.Ceil(wait.Seconds()))))
	s.refuse(w, http.StatusTooManyRequests, "TooManyRequests", "Too many requests. Please try again later.")
}
