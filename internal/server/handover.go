package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

// handoverRoutes are where escalations go, the partner's own contracts, and the
// lookup.
func (s *Server) handoverRoutes(r chi.Router) {
	r.Get("/{desk}/escalations/where", s.signedIn(s.whereTo))

	r.Get("/{desk}/settings/escalation", s.signedIn(s.handover))
	r.Post("/{desk}/settings/escalation/approval", s.signedIn(s.saveApproval))
	r.Get("/{desk}/settings/escalation/lines/new", s.signedIn(s.newLine))
	r.Post("/{desk}/settings/escalation/lines", s.signedIn(s.addLine))
	r.Get("/{desk}/settings/escalation/lines/{line}", s.signedIn(s.line))
	r.Post("/{desk}/settings/escalation/lines/{line}", s.signedIn(s.saveLine))
	r.Post("/{desk}/settings/escalation/lines/{line}/place", s.signedIn(s.placeLine))
	r.Post("/{desk}/settings/escalation/lines/{line}/removal", s.signedIn(s.removeLine))
	r.Get("/{desk}/settings/escalation/contact", s.signedIn(s.handoverContact))
	r.Post("/{desk}/settings/escalation/contact", s.signedIn(s.saveHandoverContact))
	for _, list := range []string{desk.HandoverProviders, desk.HandoverPublishers} {
		r.Get("/{desk}/settings/escalation/"+list+"/new", s.signedIn(s.newParty(list)))
		r.Post("/{desk}/settings/escalation/"+list, s.signedIn(s.saveParty(list)))
		r.Get("/{desk}/settings/escalation/"+list+"/{party}", s.signedIn(s.party(list)))
		r.Post("/{desk}/settings/escalation/"+list+"/{party}", s.signedIn(s.saveParty(list)))
	}
	r.Get("/{desk}/settings/escalation/versions/{version}", s.signedIn(s.handoverVersion))
	r.Post("/{desk}/settings/escalation/versions/{version}/restoration", s.signedIn(s.restoreHandover))

	r.Get("/{desk}/settings/plans", s.signedIn(s.plans))
	r.Get("/{desk}/settings/plans/new", s.signedIn(s.newPlan))
	r.Post("/{desk}/settings/plans", s.signedIn(s.addPlan))
	r.Get("/{desk}/settings/plans/{plan}", s.signedIn(s.plan))
	r.Post("/{desk}/settings/plans/{plan}", s.signedIn(s.savePlan))
}

const handoverPath = "/settings/escalation"

// handoverFormPage is the page that shows a form about where escalations go.
func handoverFormPage(segments []string) string {
	switch part := segments[4]; {
	case part == "approval", segments[len(segments)-1] == "place", segments[len(segments)-1] == "removal":
		return strings.Join(segments[:4], "/")
	case part == "versions":
		return strings.TrimSuffix(strings.Join(segments, "/"), "/restoration")
	case len(segments) == 5 && part != "contact":
		return strings.Join(segments, "/") + "/new"
	}
	return strings.Join(segments, "/")
}

func (s *Server) handover(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showHandover(w, r, who, http.StatusOK, func(*page.Handover) {})
}

// showHandover answers with the settings as they are; dress adds what a press
// brought back.
func (s *Server) showHandover(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.Handover)) error {
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	h := page.Handover{Book: book, Approval: book.Now.Approval}
	dress(&h)
	return s.render(w, r, status, page.HandoverPage(s.frame(r, who, "escalation"), h))
}

// pressed changes the settings by a button of their page.
func (s *Server) pressed(w http.ResponseWriter, r *http.Request, who desk.Actor, back string, c desk.HandoverChange) error {
	err := s.app.ChangeHandover(r.Context(), who, madeFrom(r.PostForm), c)
	if wrong, ok := problems(err); ok {
		return s.showHandover(w, r, who, http.StatusUnprocessableEntity, func(h *page.Handover) { h.Problems = wrong })
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.showHandover(w, r, who, http.StatusConflict, func(h *page.Handover) { h.Conflict = true })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, back, "handover.saved")
}

// madeFrom is the version that a form was made from; none is -1.
func madeFrom(v url.Values) int {
	at, err := strconv.Atoi(v.Get("at"))
	if err != nil {
		return -1
	}
	return at
}

func (s *Server) saveApproval(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	return s.pressed(w, r, who, handoverPath, desk.HandoverChange{Act: desk.HandoverApproval, Approval: r.PostForm.Get("approval")})
}

func (s *Server) placeLine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := versionNumber(chi.URLParam(r, "line"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	to := n
	switch r.PostForm.Get("do") {
	case "up":
		to--
	case "down":
		to++
	default:
		return desk.NewInvalid("do", "error.choose")
	}
	return s.pressed(w, r, who, handoverPath+"#line-"+strconv.Itoa(max(to, 1)), desk.HandoverChange{Act: desk.HandoverLineMoved, Number: n, To: to})
}

func (s *Server) removeLine(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := versionNumber(chi.URLParam(r, "line"))
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	return s.pressed(w, r, who, handoverPath, desk.HandoverChange{Act: desk.HandoverLineRemoved, Number: n})
}

func (s *Server) handoverVersion(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showHandoverVersion(w, r, who, http.StatusOK, false)
}

func (s *Server) showHandoverVersion(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, conflict bool) error {
	n, err := handoverNumber(r)
	if err != nil {
		return err
	}
	book, err := s.app.Handover(r.Context(), who)
	if err != nil {
		return err
	}
	old, err := s.app.HandoverAt(r.Context(), who, n)
	if err != nil {
		return err
	}
	return s.render(w, r, status, page.HandoverVersion(s.frame(r, who, "escalation"), book, old, conflict))
}

// handoverNumber reads the version in an address; 0 is what was shipped. Errors:
// ErrNotFound.
func handoverNumber(r *http.Request) (int, error) {
	if text := chi.URLParam(r, "version"); text != "0" {
		return versionNumber(text)
	}
	return 0, nil
}

func (s *Server) restoreHandover(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	n, err := handoverNumber(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	err = s.app.RestoreHandover(r.Context(), who, madeFrom(r.PostForm), n)
	if errors.Is(err, desk.ErrConflict) {
		return s.showHandoverVersion(w, r, who, http.StatusConflict, true)
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, handoverPath, "handover.saved")
}
