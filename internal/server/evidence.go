package server

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/app"
	"guichet/internal/desk"
	"guichet/internal/dossier"
	"guichet/web/page"
)

// evidenceRoutes are the files of an escalation's dossier, and the dossier as a file.
func (s *Server) evidenceRoutes(r chi.Router) {
	r.Get("/{desk}/escalations/{escalation}/evidence", s.signedIn(s.evidence))
	r.Post("/{desk}/escalations/{escalation}/evidence", s.signedIn(s.addEvidence))
	r.Post("/{desk}/escalations/{escalation}/evidence/sending", s.signedIn(s.sendEvidence))
	r.Get("/{desk}/escalations/{escalation}/evidence/{evidence}", s.signedIn(s.evidenceFile))
	r.Post("/{desk}/escalations/{escalation}/evidence/{evidence}/removal", s.signedIn(s.removeEvidence))
	r.Get("/{desk}/escalations/{escalation}/dossier.zip", s.signedIn(s.dossierZip))
	r.Get("/{desk}/escalations/{escalation}/dossier.json", s.signedIn(s.dossierJSON))
	r.Get("/{desk}/escalations/{escalation}/dossier.txt", s.signedIn(s.dossierText))
}

// evidenceOf reads the numbers in an address; id is Nobody where there is none.
// Errors: ErrNotFound.
func evidenceOf(r *http.Request) (number int64, id desk.ID, err error) {
	number, err = strconv.ParseInt(chi.URLParam(r, "escalation"), 10, 64)
	if text := chi.URLParam(r, "evidence"); err == nil && text != "" {
		id, err = desk.ParseID(text)
	}
	if err != nil || number < 1 {
		return 0, desk.Nobody, desk.ErrNotFound
	}
	return number, id, nil
}

func (s *Server) evidence(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showEvidence(w, r, who, http.StatusOK, page.EvidenceForm{})
}

func (s *Server) showEvidence(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, e page.EvidenceForm) error {
	number, _, err := evidenceOf(r)
	if err != nil {
		return err
	}
	story, err := s.app.Escalation(r.Context(), who, number)
	if err != nil {
		return err
	}
	return s.render(w, r, status, page.EvidencePage(s.frame(r, who, "escalations"), story, e))
}

// addEvidence takes files while they come. Those that are refused come back with
// their reason, beside those that were taken.
func (s *Server) addEvidence(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, _, err := evidenceOf(r)
	if err != nil {
		return err
	}
	if err := who.May(desk.Escalate); err != nil { // before a byte is read
		return err
	}
	next, err := uploads(w, r)
	taken := 0
	if err == nil {
		taken, err = s.app.AddEvidence(r.Context(), who, number, next)
	}
	switch wrong, invalid := problems(err); {
	case invalid:
		return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, page.EvidenceForm{Taken: taken, Problems: wrong})
	case tooManyBytes(err):
		return s.showEvidence(w, r, who, http.StatusRequestEntityTooLarge, page.EvidenceForm{Problems: desk.Problems{{Field: "files", Key: "evidence.whole_too_big"}}})
	case errors.Is(err, app.ErrUpload):
		return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, page.EvidenceForm{Problems: desk.Problems{{Field: "files", Key: "evidence.broken"}}})
	case err != nil:
		return err
	}
	return s.seeOther(w, r, who, fmt.Sprintf("/escalations/%d#evidence", number), "flash.evidence_added")
}

// evidenceFile hands a file out as one to keep, whatever it says that it is: no
// browser is to show it under our name.
func (s *Server) evidenceFile(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, id, err := evidenceOf(r)
	if err != nil {
		return err
	}
	f, body, err := s.app.Evidence(r.Context(), who, number, id)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	sendFile(w, f.Name, f.Bytes, body)
	return nil
}

func sendFile(w http.ResponseWriter, name string, size int64, body io.Reader) {
	asFile(w, name, "application/octet-stream")
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	if n, err := io.Copy(pour(w), body); err != nil || n != size {
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
}

func (s *Server) removeEvidence(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, id, err := evidenceOf(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if err := s.app.RemoveEvidence(r.Context(), who, number, id); err != nil {
		return err
	}
	return s.seeOther(w, r, who, fmt.Sprintf("/escalations/%d#evidence", number), "flash.evidence_removed")
}

// sendEvidence sends anew what was refused and is mended.
func (s *Server) sendEvidence(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, _, err := evidenceOf(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	if err := s.app.SendEvidenceAgain(r.Context(), who, number); err != nil {
		return err
	}
	return s.seeOther(w, r, who, fmt.Sprintf("/escalations/%d/evidence", number), "flash.evidence_sending")
}

// dossierZip is the dossier with its files. One that the portal would not take is
// no zip but the list of what to leave out.
func (s *Server) dossierZip(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	number, _, err := evidenceOf(r)
	if err != nil {
		return err
	}
	var whole bytes.Buffer // no more than a form takes, and written at once
	err = s.app.PackDossier(r.Context(), who, number, &whole)
	if big := (dossier.TooBig{}); errors.As(err, &big) {
		return s.showEvidence(w, r, who, http.StatusUnprocessableEntity, page.EvidenceForm{Pack: &big})
	}
	if err != nil {
		return err
	}
	return sendDossier(w, number, ".zip", "application/zip", whole.Bytes())
}

func (s *Server) dossierJSON(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.sendPapers(w, r, who, ".json", "application/json", func(d dossier.Dossier) ([]byte, error) { return d.JSON() })
}

func (s *Server) dossierText(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.sendPapers(w, r, who, ".txt", "text/plain; charset=utf-8", func(d dossier.Dossier) ([]byte, error) { return []byte(d.Text()), nil })
}

// sendPapers is the dossier without its files, in one of its forms.
func (s *Server) sendPapers(w http.ResponseWriter, r *http.Request, who desk.Actor, end, kind string, form func(dossier.Dossier) ([]byte, error)) error {
	number, _, err := evidenceOf(r)
	if err != nil {
		return err
	}
	story, err := s.app.Escalation(r.Context(), who, number)
	if err != nil {
		return err
	}
	text, err := form(story.Dossier)
	if err != nil {
		return err
	}
	return sendDossier(w, number, end, kind, text)
}

func sendDossier(w http.ResponseWriter, number int64, end, kind string, content []byte) error {
	asFile(w, fmt.Sprintf("dossier-%d%s", number, end), kind)
	if end == ".txt" { // plain text, which a browser prints
		w.Header().Set("Content-Disposition", "inline")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = pour(w).Write(content) // the reader hung up: nobody is left to tell
	return nil
}

// asFile begins an answer that is kept and never shown. The name is written as RFC
// 6266 has it for names beyond ASCII.
func asFile(w http.ResponseWriter, name, kind string) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
}
