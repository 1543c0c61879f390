package page

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// OneIssue is an issue's page with the form of the partner's words.
type OneIssue struct {
	desk.IssueFile
	Words WordsForm
	Open  bool // whether the form of the words is open
}

// IssueWords is the form of the partner's words as an issue stands.
func IssueWords(ctx context.Context, i desk.Issue) WordsForm {
	f := WordsForm{Words: i.Words, Public: i.Public}
	if i.WordAt != nil {
		f.Next = fieldTime(ctx, *i.WordAt)
	}
	return f
}

// fieldTime is an instant as a datetime-local field writes it, in the reader's
// zone.
func fieldTime(ctx context.Context, at time.Time) string {
	return at.In(i18n.From(ctx).Zone()).Format(localMinute)
}

// IssueForm is an issue that an agent records, as typed.
type IssueForm struct {
	ID             desk.ID // of one that is corrected, Nobody for a new one
	Code           string
	Title          string
	Service        string
	Places         string
	Classification string
	Status         string
	Since          string
	Next           string // when the publisher says more
	Everyone       bool
	Customers      []string
	Words          WordsForm // of a new one
	Over           bool
	Choices        []desk.Customer
	Problems       desk.Problems
}

// IssueFormOf is the form as an issue stands.
func IssueFormOf(ctx context.Context, i desk.Issue, chosen []desk.ID) IssueForm {
	f := IssueForm{ID: i.ID, Code: i.Code, Title: i.Title, Service: i.Service, Places: strings.Join(i.Places, ", "), Classification: i.Classification,
		Status: i.Status, Since: fieldTime(ctx, i.StartedAt), Everyone: i.Everyone, Over: i.Over}
	if strings.HasPrefix(f.Code, "H-") {
		f.Code = ""
	}
	if i.NextAt != nil {
		f.Next = fieldTime(ctx, *i.NextAt)
	}
	for _, id := range chosen {
		f.Customers = append(f.Customers, id.String())
	}
	return f
}

func (x IssueForm) customers() []ui.OptionGroup {
	var g ui.OptionGroup
	for _, c := range x.Choices {
		g.Options = append(g.Options, ui.Option{Value: c.ID.String(), Text: c.Name})
	}
	return []ui.OptionGroup{g}
}

func (x IssueForm) statuses(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, s := range desk.HandStatuses() {
		list = append(list, ui.Option{Value: s, Text: i18n.T(ctx, "issues.status."+s)})
	}
	return list
}

func (x IssueForm) classifications(ctx context.Context) []ui.Option {
	var list []ui.Option
	for _, c := range desk.Classifications() {
		list = append(list, ui.Option{Value: c, Text: i18n.T(ctx, "issues.class."+c), Hint: i18n.T(ctx, "issues.class."+c+"_is")})
	}
	return list
}

// classWord is a publisher's classification in words; one that is not known is
// shown as it stands.
func classWord(ctx context.Context, class string) string {
	if slices.Contains([]string{"incident", "advisory", "preventorfixissue", "planforchange", "stayinformed"}, strings.ToLower(class)) {
		return i18n.T(ctx, "issues.class."+strings.ToLower(class))
	}
	return shown(class)
}

// adminCentre is a customer's own service health, where Microsoft shows all of it
// (Microsoft 365 admin centre, delegated address).
func adminCentre(t desk.Touched) string {
	if t.Domain == "" {
		return ""
	}
	return "https://admin.cloud.microsoft/?delegatedOrg=" + url.QueryEscape(t.Domain) + "#/servicehealth"
}

// someNames lists a few names and says that there are more.
func someNames(ctx context.Context, names []string) string {
	const most = 5
	if len(names) > most {
		return i18n.T(ctx, "issues.and_more", "Names", strings.Join(names[:most], ", "))
	}
	return strings.Join(names, ", ")
}

// moreHref shows more of the customers whom an issue touches, restHref more of its
// tickets.
func (o OneIssue) moreHref(f Frame) string {
	return issueHref(f, o.Issue.ID) + "?customer=" + url.QueryEscape(o.More) + "#touched"
}

func (o OneIssue) restHref(f Frame) string {
	return issueHref(f, o.Issue.ID) + "?ticket=" + o.Rest.String() + "#tickets"
}

// publishedLang is the language of a title: publishers write English, agents as
// they like.
func publishedLang(ctx context.Context, i desk.Issue) string {
	if i.Source == desk.FromHand {
		return string(i18n.From(ctx).Lang())
	}
	return "en"
}

// servicesAtMicrosoft are the services that can have an issue, by family.
func servicesAtMicrosoft(ctx context.Context) []ui.OptionGroup {
	groups := []ui.OptionGroup{{Options: []ui.Option{{Text: i18n.T(ctx, "issues.choose_service")}}}}
	for _, f := range families {
		g := ui.OptionGroup{Title: f.title}
		for _, s := range desk.Services() {
			if s.Family == f.name {
				g.Options = append(g.Options, ui.Option{Value: s.Name, Text: serviceName(i18n.From(ctx), s.Name)})
			}
		}
		groups = append(groups, g)
	}
	return groups
}

// partLabel is the label of a publisher's part: its own English, with a capital.
func partLabel(label string) string {
	if label == "" {
		return ""
	}
	return strings.ToUpper(label[:1]) + label[1:]
}

// unlabelled tells a post whose text says more than its parts.
func unlabelled(p desk.Post) bool { return len(p.Parts) == 0 }
