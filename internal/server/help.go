package server

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// help is the public list of a desk's articles.
func (s *Server) help(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	list := page.HelpList{Text: sought(r, "q")}
	var err error
	if list.Articles, err = s.app.HelpArticles(r.Context(), who, desk.NewHelpQuery(language(r), list.Text, "")); err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Help(s.frame(r, who, "help"), list))
}

// helpArticle is one article by itself. That a customer's person reads it is
// counted; the desk's own reading, and robots', is not.
func (s *Server) helpArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	article, err := s.article(r, who)
	if err != nil {
		return err
	}
	if who.SignedIn() && !who.DeskSide() {
		if err := s.app.UseArticle(r.Context(), who, article.ID, desk.ArticleOpened); err != nil {
			return err
		}
	}
	return s.render(w, r, http.StatusOK, page.HelpArticle(s.frame(r, who, "help"), article))
}

func (s *Server) article(r *http.Request, who desk.Actor) (desk.Article, error) {
	id, err := desk.ParseID(chi.URLParam(r, "article"))
	if err != nil {
		return desk.Article{}, err
	}
	return s.app.HelpArticle(r.Context(), who, id)
}

// fittingHelp is the panel beside the form, for what is typed so far. What
// would be the same again is not sent again.
func (s *Server) fittingHelp(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	q := r.URL.Query()
	panel, err := s.panel(r, who, q)
	if err != nil {
		return err
	}
	if q.Has("fitting") && panel.Mark() == q.Get("fitting") {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.render(w, r, http.StatusOK, page.HelpFitting(s.frame(r, who, "tickets"), panel))
}

// maxShown bounds what one form remembers of the articles that stood beside it.
const maxShown = 50

// panel finds what may help with what was typed into the form.
func (s *Server) panel(r *http.Request, who desk.Actor, typed url.Values) (page.HelpPanel, error) {
	query := desk.NewHelpQuery(language(r), typed.Get("subject")+" "+typed.Get("body"), typed.Get("service"))
	panel := page.HelpPanel{Asked: true, Service: query.Service, Shown: shownArticles(typed)}
	var err error
	if panel.Articles, err = s.app.FittingHelp(r.Context(), who, query, panel.Shown); err != nil {
		return panel, err
	}
	for _, a := range panel.Articles {
		if !slices.Contains(panel.Shown, a.ID) && len(panel.Shown) < maxShown {
			panel.Shown = append(panel.Shown, a.ID)
		}
	}
	return panel, nil
}

// shownArticles are those that the form says stood beside it before.
func shownArticles(typed url.Values) []desk.ID {
	var ids []desk.ID
	for _, text := range typed["shown"] {
		if id, err := desk.ParseID(text); err == nil && len(ids) < maxShown {
			ids = append(ids, id)
		}
	}
	return ids
}

// openHelp counts that somebody opened an article beside the form.
func (s *Server) openHelp(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := desk.ParseID(chi.URLParam(r, "article"))
	if err != nil {
		return err
	}
	if err := s.app.UseArticle(r.Context(), who, id, desk.ArticleOpened); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// solvedByHelp counts that an article was enough, once a session and article,
// and thanks.
func (s *Server) solvedByHelp(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	article, err := s.article(r, who)
	if err != nil {
		return err
	}
	key := "solved:" + article.ID.String()
	if !s.sessions.GetBool(r.Context(), key) {
		if err := s.app.UseArticle(r.Context(), who, article.ID, desk.ArticleSolved); err != nil {
			return err
		}
		s.sessions.Put(r.Context(), key, true)
	}
	return s.seeOther(w, r, who, "/tickets", "help.thanks")
}

// language is the reader's.
func language(r *http.Request) string { return string(i18n.From(r.Context()).Lang()) }
