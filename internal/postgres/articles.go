package postgres

import (
	"time"

	"guichet/internal/desk"
)

const articleColumns = `a.id, a.service, a.title_fr, a.body_fr, a.title_en, a.body_en, a.published, a.created_at, a.updated_at`

// Article reads one; a draft only for those who may see drafts. Errors:
// ErrNotFound.
func (t *Tx) Article(id desk.ID, drafts bool) (desk.Article, error) {
	return one[desk.Article](t, `select `+articleColumns+` from articles a where a.desk_id = @desk and a.id = @id and (a.published or @drafts::boolean)`,
		args{"id": id, "drafts": drafts})
}

// AddArticle stores a new one.
func (t *Tx) AddArticle(a desk.Article) error {
	n := articleArgs(a)
	n["created"] = a.CreatedAt
	_, err := t.exec(`insert into articles (desk_id, id, service, title_fr, body_fr, title_en, body_en, published, created_at, updated_at)
		values (@desk, @id, @service, @title_fr, @body_fr, @title_en, @body_en, @published, @created, @updated)`, n)
	return err
}

// SaveArticle writes one anew. Errors: ErrNotFound.
func (t *Tx) SaveArticle(a desk.Article) error {
	n, err := t.exec(`update articles set service = @service, title_fr = @title_fr, body_fr = @body_fr, title_en = @title_en, body_en = @body_en,
		published = @published, updated_at = @updated where desk_id = @desk and id = @id`, articleArgs(a))
	return found(n, err)
}

func articleArgs(a desk.Article) args {
	return args{"id": a.ID, "service": a.Service, "title_fr": a.TitleFr, "body_fr": a.BodyFr, "title_en": a.TitleEn, "body_en": a.BodyEn,
		"published": a.Published, "updated": a.UpdatedAt}
}

// RemoveArticle erases one with its figures. Errors: ErrNotFound.
func (t *Tx) RemoveArticle(id desk.ID) error {
	n, err := t.exec(`delete from articles where desk_id = @desk and id = @id`, args{"id": id})
	return found(n, err)
}

const articleFigures = `select ` + articleColumns + `, coalesce(sum(d.shown), 0)::int as shown, coalesce(sum(d.opened), 0)::int as opened, coalesce(sum(d.solved), 0)::int as solved
	from articles a left join article_days d on d.desk_id = @desk and d.article_id = a.id and d.day > @since::date
	where a.desk_id = @desk`

// ArticleFigures lists the desk's articles with their figures since a day,
// what saved most first.
func (t *Tx) ArticleFigures(since time.Time) ([]desk.ArticleFigures, error) {
	return many[desk.ArticleFigures](t, articleFigures+` group by a.desk_id, a.id order by solved desc, opened desc, shown desc, lower(a.title_fr || a.title_en), a.id limit 1000`,
		args{"since": since})
}

// ArticleFiguresOf is one article with its figures of all time. Errors:
// ErrNotFound.
func (t *Tx) ArticleFiguresOf(id desk.ID) (desk.ArticleFigures, error) {
	return one[desk.ArticleFigures](t, articleFigures+` and a.id = @id group by a.desk_id, a.id`, args{"id": id, "since": time.Time{}})
}

// asked makes of a customer's words a query that any one of them meets: who
// types a problem does not know which of his words the answer is written in.
// plainto_tsquery joins with " & ", which no lexeme holds, as none has a space.
const asked = `asked as materialized (select replace(plainto_tsquery('french', plain_words(@words))::text, ' & ', ' | ')::tsquery as fr,
		replace(plainto_tsquery('english', plain_words(@words))::text, ' & ', ' | ')::tsquery as en)`

// fits ranks a hit: the reader's own language counts double, and an article of
// the service that he chose comes before one of another.
const fits = `greatest(ts_rank(h.search_fr, asked.fr) * case when @language = 'fr' then 2 else 1 end, ts_rank(h.search_en, asked.en) * case when @language = 'en' then 2 else 1 end, 0.0001)
	* case when @service = '' or h.service = '' then 1 when h.service = @service then 2 when h.service = @family then 1.5 else 0.4 end`

// FittingArticles finds published articles that may answer what a customer has
// typed so far, at most so many, the best first. Without words those of the
// chosen service fit.
func (t *Tx) FittingArticles(q desk.HelpQuery, most int) ([]desk.Article, error) {
	return many[desk.Article](t, `with `+asked+`, hit as materialized (select a.* from articles a, asked
			where a.desk_id = @desk and a.published and (a.search_fr @@ asked.fr or a.search_en @@ asked.en
				or @words = '' and @service <> '' and a.service in (@service, @family)) limit 200)
		select h.id, h.service, h.title_fr, h.body_fr, h.title_en, h.body_en, h.published, h.created_at, h.updated_at
		from hit h, asked order by `+fits+` desc, h.id limit @most`,
		args{"words": storable(q.Words), "language": q.Language, "service": q.Service, "family": q.Family(), "most": most})
}

// Articles lists the published ones by service and title; with words, those
// that hold any of them, the best first.
func (t *Tx) Articles(q desk.HelpQuery) ([]desk.Article, error) {
	if q.Words != "" {
		return t.FittingArticles(q, 100)
	}
	return many[desk.Article](t, `select `+articleColumns+` from articles a where a.desk_id = @desk and a.published
		order by a.service = '', a.service, lower(case when @language = 'en' and a.title_en <> '' or a.title_fr = '' then a.title_en else a.title_fr end), a.id limit 500`,
		args{"language": q.Language})
}

// CountArticles counts a use of published articles on a day; others count
// nothing.
func (t *Tx) CountArticles(articles []desk.ID, use desk.ArticleUse, day time.Time) error {
	_, err := t.exec(`insert into article_days (desk_id, article_id, day, shown, opened, solved)
		select @desk, a.id, @day::date, (@use = 'shown')::int, (@use = 'opened')::int, (@use = 'solved')::int
		from articles a where a.desk_id = @desk and a.published and a.id = any(@articles) order by a.id
		on conflict (desk_id, article_id, day) do update set shown = article_days.shown + excluded.shown,
			opened = article_days.opened + excluded.opened, solved = article_days.solved + excluded.solved`,
		args{"articles": articles, "use": use, "day": day})
	return err
}
