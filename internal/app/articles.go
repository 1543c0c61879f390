package app

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

// AddArticle writes a help article. Errors: Invalid, by field.
func (a *App) AddArticle(ctx context.Context, who desk.Actor, s desk.ArticleSettings) (desk.ID, error) {
	if err := who.May(desk.ManageArticles); err != nil {
		return desk.Nobody, err
	}
	var id desk.ID
	err := a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		article, err := desk.NewArticle(s, tx.Now)
		if err != nil {
			return err
		}
		id = article.ID
		return tx.AddArticle(article)
	})
	return id, err
}

// SaveArticle writes an article anew; published it stays published. Errors: Invalid, by field; ErrNotFound.
func (a *App) SaveArticle(ctx context.Context, who desk.Actor, id desk.ID, s desk.ArticleSettings) error {
	return a.changeArticle(ctx, who, id, func(article desk.Article) desk.ArticleSettings {
		s.Published = article.Published
		return s
	})
}

// PublishArticle shows an article to customers, or withdraws it. Errors:
// ErrNotFound.
func (a *App) PublishArticle(ctx context.Context, who desk.Actor, id desk.ID, published bool) error {
	return a.changeArticle(ctx, who, id, func(article desk.Article) desk.ArticleSettings {
		s := article.Settings()
		s.Published = published
		return s
	})
}

func (a *App) changeArticle(ctx context.Context, who desk.Actor, id desk.ID, settings func(desk.Article) desk.ArticleSettings) error {
	if err := who.May(desk.ManageArticles); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		article, err := tx.Article(id, true)
		if err != nil {
			return err
		}
		if article, err = article.With(settings(article), tx.Now); err != nil {
			return err
		}
		return tx.SaveArticle(article)
	})
}

// RemoveArticle erases an article with its figures. One that somebody has met
// is erased only by who says that he is sure. Errors: Invalid on "sure";
// ErrNotFound.
func (a *App) RemoveArticle(ctx context.Context, who desk.Actor, id desk.ID, sure bool) error {
	if err := who.May(desk.ManageArticles); err != nil {
		return err
	}
	return a.db.Update(ctx, who.Scope(), func(tx *postgres.Tx) error {
		article, err := tx.ArticleFiguresOf(id)
		if err != nil {
			return err
		}
		if article.Used() && !sure {
			return desk.NewInvalid("sure", "error.article_sure")
		}
		return tx.RemoveArticle(id)
	})
}
