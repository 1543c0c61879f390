package postgres_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/postgres"
)

func init() {
	for name, a := range map[string]attempt{
		"Article": finds(func(tx *postgres.Tx, i intruder) (desk.Article, error) {
			return tx.Article(i.desk.help.ID, !i.stranger())
		}),
		"ArticleFiguresOf": finds(func(tx *postgres.Tx, i intruder) (desk.ArticleFigures, error) {
			return tx.ArticleFiguresOf(i.desk.help.ID)
		}),
		"ArticleFigures": reads(func(tx *postgres.Tx, _ intruder) ([]desk.ArticleFigures, error) {
			return tx.ArticleFigures(time.Time{})
		}),
		"Articles": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Article, error) {
			return tx.Articles(desk.HelpQuery{Language: "fr"})
		}),
		"FittingArticles": reads(func(tx *postgres.Tx, _ intruder) ([]desk.Article, error) {
			return tx.FittingArticles(desk.NewHelpQuery("fr", "brouillon secret", ""), 3)
		}),
		"SaveArticle":   writes(func(tx *postgres.Tx, i intruder) error { return tx.SaveArticle(i.desk.help) }),
		"RemoveArticle": writes(func(tx *postgres.Tx, i intruder) error { return tx.RemoveArticle(i.desk.help.ID) }),
		"CountArticles": {call: func(tx *postgres.Tx, i intruder) (any, error) {
			return nil, tx.CountArticles([]desk.ID{i.desk.help.ID}, desk.ArticleSolved, tx.Now)
		}},
		"Order": finds(func(tx *postgres.Tx, i intruder) (desk.PlacedOrder, error) { return tx.Order(i.theirs.ticket.ID) }),
		"AddOrder": puts(func(tx *postgres.Tx, i intruder) {
			tx.AddOrder(i.theirs.order)
		}),
		"DecideOrder": writes(func(tx *postgres.Tx, i intruder) error {
			o := i.theirs.order
			o.Approval, o.ApproverID, o.DecidedAt = desk.ApprovalApproved, i.who.ID, &tx.Now
			return gone(tx.DecideOrder(o))
		}),
		"Managers": reads(func(tx *postgres.Tx, i intruder) ([]desk.Person, error) { return tx.Managers(i.theirs.ID) }),
	} {
		attempts[name] = a
	}
	harmless["AddArticle"] = "a new article is the scope's own"
}

// stranger tells a customer's person from the desk's.
func (i intruder) stranger() bool { return i.who.CustomerID != desk.Nobody }

// article stores one of a desk.
func (w *world) article(t *testing.T, p partner, s desk.ArticleSettings) desk.Article {
	t.Helper()
	var a desk.Article
	w.update(t, p.scope(), func(tx *postgres.Tx) error {
		a = made(desk.NewArticle(s, tx.Now))
		return tx.AddArticle(a)
	})
	return a
}

func (w *world) fitting(t *testing.T, s desk.Scope, language, words, service string) []string {
	t.Helper()
	var titles []string
	w.view(t, s, func(tx *postgres.Tx) error {
		list, err := tx.FittingArticles(desk.NewHelpQuery(language, words, service), desk.MostFitting)
		for _, a := range list {
			titles = append(titles, a.In(language).Title)
		}
		return err
	})
	return titles
}

func TestHelpFitsWhatIsTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, s := range []desk.ArticleSettings{
		{Service: "Exchange Online", TitleFr: "Ajouter une boîte partagée dans Outlook", BodyFr: "Ouvrez Outlook.", TitleEn: "Add a shared mailbox to Outlook", BodyEn: "Open Outlook.", Published: true},
		{Service: "Microsoft Teams", TitleFr: "Le microphone de Teams", BodyFr: "Vérifiez le micro. Outlook n’y est pour rien.", Published: true},
		{Service: "Microsoft Entra", TitleFr: "Réinitialiser la double authentification", BodyFr: "Demandez à votre responsable.", Published: true},
		{Service: "m365", TitleEn: "Who may buy licences", BodyEn: "Your managers.", Published: true},
		{Service: "Exchange Online", TitleFr: "Outlook, un brouillon", BodyFr: "Outlook Outlook Outlook."},
	} {
		w.article(t, w.one, s)
	}
	w.article(t, w.two, desk.ArticleSettings{TitleFr: "Outlook chez un autre", BodyFr: "Outlook.", Published: true})
	for _, scope := range []desk.Scope{w.one.scope(), w.one.scopeOf(w.one.first)} {
		for _, c := range []struct {
			language, words, service string
			want                     []string
		}{
			{"fr", "Bonjour, comment ajouter des boites partagées ?", "", []string{"Ajouter une boîte partagée dans Outlook"}},
			{"fr", "outlook", "", []string{"Ajouter une boîte partagée dans Outlook", "Le microphone de Teams"}},
			{"fr", "outlook", "Microsoft Teams", []string{"Le microphone de Teams", "Ajouter une boîte partagée dans Outlook"}},
			{"fr", "REINITIALISER", "", []string{"Réinitialiser la double authentification"}},
			{"en", "I need a shared mailbox", "", []string{"Add a shared mailbox to Outlook"}},
			{"fr", "who buys licences", "", []string{"Who may buy licences"}},
			{"en", "double authentification", "", []string{"Réinitialiser la double authentification"}},
			{"fr", "", "Exchange Online", []string{"Ajouter une boîte partagée dans Outlook", "Who may buy licences"}},
			{"fr", "", "", nil}, {"fr", "le la les de", "", nil}, {"fr", "imprimante", "", nil}, {"fr", "à & b | !c:* <-> 'd même", "", nil},
		} {
			if got := w.fitting(t, scope, c.language, c.words, c.service); !slices.Equal(got, c.want) {
				t.Errorf("%s, %q, %s (customer %v): %q, want %q", c.language, c.words, c.service, scope.Customer != desk.Nobody, got, c.want)
			}
		}
	}
}

func TestThreeArticlesAtMost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 6 {
		w.article(t, w.one, desk.ArticleSettings{TitleFr: "Imprimante " + strconv.Itoa(n), BodyFr: strings.Repeat("imprimante ", n+1), Published: true})
	}
	if got := w.fitting(t, w.one.scopeOf(w.one.first), "fr", "mon imprimante", ""); len(got) != desk.MostFitting {
		t.Errorf("%d articles: %q", len(got), got)
	}
}

// Whatever is typed, it is looked for and does not fail.
func TestHelpTakesAnyWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.article(t, w.one, desk.ArticleSettings{TitleFr: "Outlook", BodyFr: "Outlook.", Published: true})
	rapid.Check(t, func(r *rapid.T) {
		words := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\x00", "'", `\`, `'' \' & |`, "a & b", "!", "()", ":*", "<->", strings.Repeat("x", 9000), "https://a.example/b & c?d=' | e", `\\' OR`})).Draw(r, "words")
		err := w.db.View(bg, w.one.scope(), func(tx *postgres.Tx) error {
			_, err := tx.FittingArticles(desk.NewHelpQuery("fr", words+" outlook", ""), 3)
			_, err2 := tx.Articles(desk.NewHelpQuery("en", words, ""))
			return errors.Join(err, err2)
		})
		if err != nil {
			r.Fatalf("%q: %v", words, err)
		}
	})
}

// A draft is not for customers, whatever the query; visitors have the desk's
// scope, so that for them the query alone stands before it.
func TestDraftsStayInside(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.one.help
	w.view(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error {
		if _, err := tx.Article(own.ID, true); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a customer reads a draft: %v", err)
		}
		if n := counted(t, tx, "articles", "true"); n != 0 {
			t.Errorf("a customer sees %d drafts", n)
		}
		return nil
	})
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		if _, err := tx.Article(own.ID, false); !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("a visitor reads a draft: %v", err)
		}
		if list, err := tx.Articles(desk.HelpQuery{Language: "fr"}); err != nil || len(list) != 0 {
			t.Errorf("a visitor's list: %v (%v)", list, err)
		}
		_, err := tx.Article(own.ID, true)
		return err
	})
	for _, sql := range []string{`update articles set published = true`, `delete from articles`} {
		w.update(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error { return exec(tx, sql) })
	}
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		_, err := tx.Article(own.ID, false)
		if !errors.Is(err, desk.ErrNotFound) {
			t.Error("a customer has published a draft")
		}
		return nil
	})
}

func TestUsesOfArticlesAreCountedByDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.article(t, w.one, desk.ArticleSettings{TitleFr: "Outlook", BodyFr: "Outlook.", Published: true})
	day := time.Date(2026, 3, 2, 0, 30, 0, 0, made(time.LoadLocation("Europe/Paris")))
	for n, use := range []desk.ArticleUse{desk.ArticleShown, desk.ArticleShown, desk.ArticleOpened, desk.ArticleSolved} {
		w.update(t, w.one.scopeOf(w.one.first), func(tx *postgres.Tx) error {
			return tx.CountArticles([]desk.ID{a.ID, w.one.help.ID}, use, day.AddDate(0, 0, -n/3))
		})
	}
	super := w.superuser(t)
	if days := names(t, super, `select day::text || ' ' || shown || ' ' || opened || ' ' || solved from article_days order by 1`); !slices.Equal(days, []string{"2026-03-01 0 0 1", "2026-03-02 2 1 0"}) {
		t.Errorf("days %q: a draft counts nothing", days)
	}
	w.view(t, w.one.scope(), func(tx *postgres.Tx) error {
		list, err := tx.ArticleFigures(day.AddDate(0, 0, -1))
		if err != nil || len(list) != 2 || list[0].ID != a.ID || list[0].Shown != 2 || list[0].Opened != 1 || list[0].Solved != 0 {
			t.Errorf("figures %+v (%v)", list, err)
		}
		f, err := tx.ArticleFiguresOf(a.ID)
		if f.Solved != 1 || !f.Used() {
			t.Errorf("of all time %+v", f)
		}
		return err
	})
	w.update(t, w.one.scope(), func(tx *postgres.Tx) error { return tx.RemoveArticle(a.ID) })
	if left := names(t, super, `select day::text from article_days`); len(left) != 0 {
		t.Errorf("figures of an article that is gone: %q", left)
	}
}
