package desk

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Article is a short answer that a customer may find before he writes. It
// exists in one language or in both; the title of a language that it lacks is
// "".
type Article struct {
	ID        ID
	Service   string // a Service's name, a family of them, or "" for any
	TitleFr   string
	BodyFr    string
	TitleEn   string
	BodyEn    string
	Published bool // a draft is for the desk's people alone
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Limits of an article, in characters: what takes longer to read is no help
// before one writes.
const (
	MaxArticleTitle = 120
	MaxArticleBody  = 10_000
)

// ArticleSettings is an article as its form holds it.
type ArticleSettings struct {
	Service, TitleFr, BodyFr, TitleEn, BodyEn string
	Published                                 bool
}

// NewArticle writes one. Errors: Invalid, by field.
func NewArticle(s ArticleSettings, now time.Time) (Article, error) {
	return Article{ID: NewID(), CreatedAt: now}.With(s, now)
}

// With returns the article with new settings. Errors: Invalid, by field.
func (a Article) With(s ArticleSettings, now time.Time) (Article, error) {
	a.Service, a.Published, a.UpdatedAt = s.Service, s.Published, now
	a.TitleFr, a.BodyFr, a.TitleEn, a.BodyEn = clean(s.TitleFr), cleanText(s.BodyFr), clean(s.TitleEn), cleanText(s.BodyEn)
	var p Problems
	p.OneOf("service", a.Service, articleServices()...)
	if a.TitleFr+a.BodyFr+a.TitleEn+a.BodyEn == "" {
		p.Add("title_fr", "error.article_language")
	}
	checkArticle(&p, "title_fr", a.TitleFr, "body_fr", a.BodyFr)
	checkArticle(&p, "title_en", a.TitleEn, "body_en", a.BodyEn)
	return a, p.Err()
}

// checkArticle asks for the title and the body of a language, or for neither.
func checkArticle(p *Problems, titleField, title, bodyField, body string) {
	least := 0
	if title+body != "" {
		least = 1
	}
	p.Text(titleField, title, least, MaxArticleTitle)
	p.Text(bodyField, body, least, MaxArticleBody)
}

// Families of services, as an article may be about one of them.
func Families() []string { return []string{"m365", "power", "dynamics", "azure"} }

func articleServices() []string {
	list := append([]string{""}, Families()...)
	for _, s := range services {
		if s.Name != "Other" && s.Name != "Unknown" {
			list = append(list, s.Name)
		}
	}
	return list
}

// ArticleText is an article in one language.
type ArticleText struct{ Language, Title, Body string }

// In is the article in a reader's language, else in the other.
func (a Article) In(language string) ArticleText {
	fr, en := ArticleText{"fr", a.TitleFr, a.BodyFr}, ArticleText{"en", a.TitleEn, a.BodyEn}
	if language == "en" && en.Title != "" || fr.Title == "" {
		return en
	}
	return fr
}

// Settings is the article as its form shows it.
func (a Article) Settings() ArticleSettings {
	return ArticleSettings{Service: a.Service, TitleFr: a.TitleFr, BodyFr: a.BodyFr, TitleEn: a.TitleEn, BodyEn: a.BodyEn, Published: a.Published}
}

// ArticleFigures is an article with how often, over some time, it was shown
// beside a form, opened, and enough.
type ArticleFigures struct {
	Article
	Shown  int
	Opened int
	Solved int
}

// Used tells that somebody has met the article: what it saved goes with it.
func (a ArticleFigures) Used() bool { return a.Shown+a.Opened+a.Solved > 0 }

// ArticleUse is what a reader did with an article.
type ArticleUse string

// The uses that are counted.
const (
	ArticleShown  ArticleUse = "shown"
	ArticleOpened ArticleUse = "opened"
	ArticleSolved ArticleUse = "solved"
)

// FiguresDays is how far back figures of articles reach.
const FiguresDays = 90

// MostFitting is how many articles stand beside the form.
const MostFitting = 3

// HelpQuery is what a customer has typed so far, to find what may help him.
type HelpQuery struct {
	Language string // the reader's, "fr" or "en"
	Words    string
	Service  string // "" while not said
}

// What is read of a customer's words: the beginning says what it is about, and
// a piece that long is no word.
const (
	maxHelpWords = 1_000
	maxHelpWord  = 60
)

// NewHelpQuery keeps of the words what can be looked for.
func NewHelpQuery(language, words, service string) HelpQuery {
	s, known := ServiceNamed(service)
	if !known || s.Name == "Other" || s.Name == "Unknown" {
		s = Service{}
	}
	return HelpQuery{Language: language, Words: helpWords(words), Service: s.Name}
}

// Family is the service's, "" without one.
func (q HelpQuery) Family() string {
	if q.Service == "" {
		return ""
	}
	s, _ := ServiceNamed(q.Service)
	return s.Family
}

func helpWords(text string) string {
	var kept []string
	length := 0
	for _, w := range strings.Fields(text) {
		n := utf8.RuneCountInString(w)
		if n > maxHelpWord {
			continue
		}
		if length += n + 1; length > maxHelpWords {
			break
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " ")
}
