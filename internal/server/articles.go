package server

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"guichet/internal/desk"
	"guichet/web/page"
)

func (s *Server) articles(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	list, err := s.app.Articles(r.Context(), who)
	if err != nil {
		return err
	}
	return s.render(w, r, http.StatusOK, page.Articles(s.frame(r, who, "articles"), list))
}

func (s *Server) newArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := who.May(desk.ManageArticles); err != nil {
		return err
	}
	var form page.ArticleForm
	if draft, ok := s.takeDraft(r); ok {
		form = page.ArticleForm{ArticleSettings: articleForm(draft), Restored: true}
	}
	return s.render(w, r, http.StatusOK, page.NewArticle(s.frame(r, who, "articles"), form))
}

func (s *Server) addArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	form := page.ArticleForm{ArticleSettings: articleForm(r.PostForm)}
	id, err := s.app.AddArticle(r.Context(), who, form.ArticleSettings)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.render(w, r, http.StatusUnprocessableEntity, page.NewArticle(s.frame(r, who, "articles"), form))
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/articles/"+id.String(), "articles.added")
}

func (s *Server) editArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.drawArticle(w, r, who, http.StatusOK, func(form *page.ArticleForm) {
		if draft, ok := s.takeDraft(r); ok && draft.Has("title_fr") {
			form.ArticleSettings, form.Restored = articleForm(draft), true
		}
	})
}

// drawArticle reads an article anew and shows it with its form, as fill left it.
func (s *Server) drawArticle(w http.ResponseWriter, r *http.Request, who desk.Actor, status int, fill func(*page.ArticleForm)) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	a := page.ArticlePage{}
	if a.Article, err = s.app.Article(r.Context(), who, id); err != nil {
		return err
	}
	a.Form.ArticleSettings = a.Article.Settings()
	fill(&a.Form)
	return s.render(w, r, status, page.Article(s.frame(r, who, "articles"), a))
}

func (s *Server) saveArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	return s.changeArticle(w, r, who, "articles.saved_done", func(id desk.ID, form *page.ArticleForm) error {
		form.ArticleSettings = articleForm(r.PostForm)
		return s.app.SaveArticle(r.Context(), who, id, form.ArticleSettings)
	})
}

// publishArticle shows an article to customers, or withdraws it.
func (s *Server) publishArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	if err := readForm(r); err != nil {
		return err
	}
	publish, flash := r.PostFormValue("do") == "publish", "articles.withdrawn"
	if publish {
		flash = "articles.now_published"
	}
	if !publish && r.PostFormValue("do") != "withdraw" {
		return desk.NewInvalid("do", "error.choose")
	}
	return s.changeArticle(w, r, who, flash, func(id desk.ID, _ *page.ArticleForm) error {
		return s.app.PublishArticle(r.Context(), who, id, publish)
	})
}

func (s *Server) removeArticle(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	err = s.app.RemoveArticle(r.Context(), who, id, r.PostForm.Has("sure"))
	if wrong, ok := problems(err); ok {
		return s.drawArticle(w, r, who, http.StatusUnprocessableEntity, func(form *page.ArticleForm) { form.Problems = wrong })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/articles", "articles.removed")
}

// changeArticle lets act change an article by a form, and comes back to it: with
// what was typed where the form could not be taken.
func (s *Server) changeArticle(w http.ResponseWriter, r *http.Request, who desk.Actor, flash string, act func(desk.ID, *page.ArticleForm) error) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	if err := readForm(r); err != nil {
		return err
	}
	var form page.ArticleForm
	err = act(id, &form)
	if wrong, ok := problems(err); ok {
		form.Problems = wrong
		return s.drawArticle(w, r, who, http.StatusUnprocessableEntity, func(f *page.ArticleForm) { *f = form })
	}
	if err != nil {
		return err
	}
	return s.seeOther(w, r, who, "/settings/articles/"+id.String(), flash)
}

func articleID(r *http.Request) (desk.ID, error) { return desk.ParseID(chi.URLParam(r, "article")) }

func articleForm(v url.Values) desk.ArticleSettings {
	return desk.ArticleSettings{Service: v.Get("service"), TitleFr: v.Get("title_fr"), BodyFr: v.Get("body_fr"), TitleEn: v.Get("title_en"), BodyEn: v.Get("body_en"),
		Published: v.Has("published")}
}
