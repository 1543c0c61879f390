package app_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/internal/desk"
)

func init() {
	leads, managers := everybody[3:], everybody[1:2]
	maps.Copy(rights, map[string]right{
		"FittingHelp": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.FittingHelp(bg, who, desk.HelpQuery{}, nil)
			return err
		}, everybody},
		"UseArticle": {func(w *world, who desk.Actor, _ int64) error {
			return w.UseArticle(bg, who, desk.NewID(), desk.ArticleSolved)
		}, everybody},
		"Articles": {func(w *world, who desk.Actor, _ int64) error { _, err := w.Articles(bg, who); return err }, agents},
		"Article":  {func(w *world, who desk.Actor, _ int64) error { _, err := w.Article(bg, who, desk.NewID()); return err }, agents},
		"AddArticle": {func(w *world, who desk.Actor, _ int64) error {
			_, err := w.AddArticle(bg, who, desk.ArticleSettings{})
			return err
		}, leads},
		"SaveArticle": {func(w *world, who desk.Actor, _ int64) error {
			return w.SaveArticle(bg, who, desk.NewID(), desk.ArticleSettings{})
		}, leads},
		"PublishArticle": {func(w *world, who desk.Actor, _ int64) error { return w.PublishArticle(bg, who, desk.NewID(), true) }, leads},
		"RemoveArticle":  {func(w *world, who desk.Actor, _ int64) error { return w.RemoveArticle(bg, who, desk.NewID(), true) }, leads},
		"DecideOrder":    {func(w *world, who desk.Actor, n int64) error { return w.DecideOrder(bg, who, n, "approve", "") }, managers},
	})
}

func TestHelpIsCountedOnceAForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := made(w.AddArticle(bg, w.one.lead, desk.ArticleSettings{TitleFr: "Boîte partagée", BodyFr: "Ouvrez Outlook.", Published: true}))
	q := desk.NewHelpQuery("fr", "une boite partagee", "")
	contact := w.one.first.contact
	list := made(w.FittingHelp(bg, contact, q, nil))
	if len(list) != 1 || list[0].ID != id {
		t.Fatalf("found %v", list)
	}
	made(w.FittingHelp(bg, contact, q, []desk.ID{id})) // the same form, a word later
	for _, use := range []desk.ArticleUse{desk.ArticleOpened, desk.ArticleSolved} {
		if err := w.UseArticle(bg, contact, id, use); err != nil {
			t.Fatal(err)
		}
	}
	f := made(w.Articles(bg, w.one.agent))[0]
	if f.Shown != 1 || f.Opened != 1 || f.Solved != 1 {
		t.Errorf("figures %+v", f)
	}
	w.clock.pass((desk.FiguresDays + 1) * 24 * time.Hour)
	if f := made(w.Articles(bg, w.one.agent))[0]; f.Used() {
		t.Errorf("figures of long ago %+v", f)
	}
	if f := made(w.Article(bg, w.one.agent, id)); f.Solved != 1 {
		t.Errorf("of all time %+v", f)
	}
	if list := made(w.HelpArticles(bg, desk.Visitor(w.two.desk), desk.HelpQuery{Language: "fr"})); len(list) != 0 {
		t.Errorf("another desk shows %v", list)
	}
}

func TestDraftsArePublishedAndWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := made(w.AddArticle(bg, w.one.admin, desk.ArticleSettings{TitleEn: "Free space", BodyEn: "Empty the bin.", Service: "OneDrive for Business"}))
	visitor := desk.Visitor(w.one.desk)
	reach := func() error { _, err := w.HelpArticle(bg, visitor, id); return err }
	if err := reach(); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a visitor reads a draft: %v", err)
	}
	if err := w.UseArticle(bg, w.one.first.contact, id, desk.ArticleSolved); !errors.Is(err, desk.ErrNotFound) {
		t.Errorf("a draft is enough: %v", err)
	}
	if _, err := w.HelpArticle(bg, w.one.agent, id); err != nil {
		t.Errorf("an agent reads no draft: %v", err)
	}
	for _, step := range []struct {
		published bool
		want      error
	}{{true, nil}, {false, desk.ErrNotFound}, {true, nil}} {
		if err := w.PublishArticle(bg, w.one.lead, id, step.published); err != nil {
			t.Fatal(err)
		}
		if err := reach(); !errors.Is(err, step.want) {
			t.Errorf("published %v: %v", step.published, err)
		}
	}
	if err := w.SaveArticle(bg, w.one.lead, id, desk.ArticleSettings{TitleEn: "Free some space", BodyEn: "Empty the bin."}); err != nil || reach() != nil {
		t.Errorf("saving withdraws: %v, %v", err, reach())
	}
	if err := w.UseArticle(bg, w.one.first.contact, id, desk.ArticleOpened); err != nil {
		t.Fatal(err)
	}
	var invalid desk.Invalid
	if err := w.RemoveArticle(bg, w.one.lead, id, false); !errors.As(err, &invalid) {
		t.Errorf("what was read goes unasked: %v", err)
	}
	if err := w.RemoveArticle(bg, w.one.lead, id, true); err != nil || !errors.Is(reach(), desk.ErrNotFound) {
		t.Errorf("removing: %v, %v", err, reach())
	}
}

func TestArticleNeedsOneWholeLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, s := range map[string]desk.ArticleSettings{
		"title_fr": {}, "body_fr": {TitleFr: "x"}, "title_en": {TitleFr: "x", BodyFr: "y", BodyEn: "z"}, "service": {TitleFr: "x", BodyFr: "y", Service: "Unknown"},
	} {
		_, err := w.AddArticle(bg, w.one.lead, s)
		var invalid desk.Invalid
		if !errors.As(err, &invalid) || !slices.ContainsFunc(invalid.Problems, func(p desk.Problem) bool { return p.Field == want }) {
			t.Errorf("%+v: %v, want %s", s, err, want)
		}
	}
}
