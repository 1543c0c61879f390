package server

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/rules"
	"guichet/web/page"
)

// placeRule moves a rule up, down, or to a rank.
func (s *Server) placeRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.touchRule(w, r, who, "flash.rule_moved", func(key string) error {
		switch r.PostForm.Get("do") {
		case "up":
			return s.app.ShiftRule(r.Context(), who, draftMark(r), key, -1)
		case "down":
			return s.app.ShiftRule(r.Context(), who, draftMark(r), key, 1)
		}
		rank, err := strconv.ParseInt(r.PostForm.Get("to"), 10, 32)
		if err != nil {
			return desk.NewInvalid("to", "error.choose")
		}
		return s.app.MoveRule(r.Context(), who, draftMark(r), key, int(rank))
	})
}

func (s *Server) removeRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.touchRule(w, r, who, "flash.rule_removed", func(key string) error {
		return s.app.RemoveRule(r.Context(), who, draftMark(r), key)
	})
}

func (s *Server) restoreRule(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.touchRule(w, r, who, "flash.rule_restored", func(key string) error {
		return s.app.RestoreRule(r.Context(), who, draftMark(r), key)
	})
}

// touchRule does something to one rule of the list and leads back to it.
func (s *Server) touchRule(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, act func(key string) error) error {
	if err := readForm(r); err != nil {
		return err
	}
	key := chi.URLParam(r, "key")
	return s.touched(w, r, who, act(key), flash, "#r-"+key)
}

func (s *Server) switchHint(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	return s.touched(w, r, who, s.app.SwitchHint(r.Context(), who, draftMark(r), r.PostForm.Get("hint") == "on"), "flash.rules_hint", "")
}

func (s *Server) discardRules(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	return s.touched(w, r, who, s.app.DiscardRules(r.Context(), who, draftMark(r)), "flash.rules_discarded", "")
}

// touched leads back to the list, or tells who was faster, or what is in the way.
func (s *Server) touched(w http.ResponseWriter, r *http.Request, who desk.Actor, err error, flash, place string) error {
	if found, ok := faults(err); ok {
		return s.showRules(w, r, who, http.StatusUnprocessableEntity, func(p *page.Rules) { p.Faults = found })
	}
	if errors.Is(err, desk.ErrConflict) {
		return s.showRules(w, r, who, http.StatusConflict, func(p *page.Rules) { p.Conflict = page.ConflictOf(p.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules"+place, flash)
}

// importRules takes a file, or its text.
func (s *Server) importRules(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	typed := r.PostForm.Get("rules")
	again := func(status int, dress func(*page.Rules)) error {
		return s.showRules(w, r, who, status, func(p *page.Rules) {
			p.Import.Text = typed
			dress(p)
		})
	}
	file, err := rulesFile(r)
	if err != nil {
		return again(http.StatusUnprocessableEntity, func(p *page.Rules) { p.Import.Key = "error.rules_file" })
	}
	err = s.app.ImportRules(r.Context(), who, draftMark(r), file)
	if found, ok := faults(err); ok {
		return again(http.StatusUnprocessableEntity, func(p *page.Rules) { p.Import.Faults = found })
	}
	if errors.Is(err, desk.ErrConflict) {
		return again(http.StatusConflict, func(p *page.Rules) { p.Conflict = page.ConflictOf(p.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules", "flash.rules_imported")
}

// rulesFile is the file of a form, else the text that was pasted. Errors: when there is neither.
func rulesFile(r *http.Request) ([]byte, error) {
	if f, head, err := r.FormFile("file"); err == nil {
		defer func() { _ = f.Close() }()
		if head.Size > 0 {
			return io.ReadAll(io.LimitReader(f, rules.MaxFile+1))
		}
	}
	if text := r.PostForm.Get("rules"); text != "" {
		return []byte(text), nil
	}
	return nil, http.ErrMissingFile
}

func (s *Server) publication(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.showPublication(w, r, who, http.StatusOK, func(p *page.Rules) {
		if draft, ok := s.takeDraft(r); ok {
			p.Note = draft.Get("note")
		}
	})
}

func (s *Server) showPublication(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, dress func(*page.Rules)) error {
	if err := who.May(desk.ManageRules); err != nil {
		return err
	}
	book, err := s.app.Rules(r.Context(), who)
	if err != nil {
		return err
	}
	p := page.Rules{Book: book}
	dress(&p)
	return s.render(w, r, status, page.PublishRules(s.frame(r, who, "rules"), p))
}

func (s *Server) publishRules(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	note := r.PostForm.Get("note")
	_, err := s.app.PublishRules(r.Context(), who, draftMark(r), note)
	again := func(status int, dress func(*page.Rules)) error {
		return s.showPublication(w, r, who, status, func(p *page.Rules) {
			p.Note = note
			dress(p)
		})
	}
	if wrong, ok := problems(err); ok {
		return again(http.StatusUnprocessableEntity, func(p *page.Rules) { p.Problems = wrong })
	}
	if found, ok := faults(err); ok {
		return again(http.StatusUnprocessableEntity, func(p *page.Rules) { p.Faults = found })
	}
	if errors.Is(err, desk.ErrConflict) {
		return again(http.StatusConflict, func(p *page.Rules) { p.Conflict = page.ConflictOf(p.Book) })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/rules", "flash.rules_published")
}
