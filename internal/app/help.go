package app

import (
	"context"
	"slices"
	"time"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// FittingHelp finds the articles that may answer what somebody types into the
// form, and counts as shown those that he has not seen beside it yet.
func (a *App) FittingHelp(ctx context.Context, who desk.Actor, q desk.HelpQuery, seen []desk.ID) (list []desk.Article, err error) {
	if err := who.May(desk.SubmitTicket); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.FittingArticles(q, desk.MostFitting)
		return err
	})
	var fresh []desk.ID
	for _, article := range list {
		if !slices.Contains(seen, article.ID) {
			fresh = append(fresh, article.ID)
		}
	}
	if err != nil || len(fresh) == 0 {
		return list, err
	}
	return list, a.countArticles(ctx, who, fresh, desk.ArticleShown)
}

// HelpArticles lists the published articles of a desk, to anybody; with words,
// those that hold any of them.
func (a *App) HelpArticles(ctx context.Context, who desk.Actor, q desk.HelpQuery) (list []desk.Article, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.Articles(q)
		return err
	})
	return list, err
}

// HelpArticle reads a published article, for anybody; the desk's people read
// drafts too. Errors: ErrNotFound.
func (a *App) HelpArticle(ctx context.Context, who desk.Actor, id desk.ID) (article desk.Article, err error) {
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		article, err = tx.Article(id, who.May(desk.ReadArticles) == nil)
		return err
	})
	return article, err
}

// UseArticle counts that somebody who could write a ticket opened an article,
// or that it was enough. Errors: ErrNotFound for what is not published.
func (a *App) UseArticle(ctx context.Context, who desk.Actor, id desk.ID, use desk.ArticleUse) error {
	if err := who.May(desk.SubmitTicket); err != nil {
		return err
	}
	err := a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) error {
		_, err := tx.Article(id, false)
		return err
	})
	if err != nil {
		return err
	}
	return a.countArticles(ctx, who, []desk.ID{id}, use)
}

// countArticles counts by the desk's own days.
func (a *App) countArticles(ctx context.Context, who desk.Actor, ids []desk.ID, use desk.ArticleUse) error {
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		return tx.CountArticles(ids, use, tx.Now.In(who.Desk.Location()))
	})
}

// Articles lists a desk's articles, drafts too, with their figures of the last
// desk.FiguresDays days.
func (a *App) Articles(ctx context.Context, who desk.Actor) (list []desk.ArticleFigures, err error) {
	if err := who.May(desk.ReadArticles); err != nil {
		return nil, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		list, err = tx.ArticleFigures(a.figuresSince(who.Desk))
		return err
	})
	return list, err
}

func (a *App) figuresSince(d desk.Desk) time.Time {
	return a.now().In(d.Location()).AddDate(0, 0, -desk.FiguresDays)
}

// Article reads an article with its figures of all time. Errors: ErrNotFound.
func (a *App) Article(ctx context.Context, who desk.Actor, id desk.ID) (article desk.ArticleFigures, err error) {
	if err := who.May(desk.ReadArticles); err != nil {
		return article, err
	}
	err = a.db.View(ctx, who.Scope(), func(tx *postgres.Tx) (err error) {
		article, err = tx.ArticleFiguresOf(id)
		return err
	})
	return article, err
}
