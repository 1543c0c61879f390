package page

import (
	"context"
	"slices"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// AccessImport is a file with what was read of it.
type AccessImport struct {
	desk.AccessImport
	Read     bool
	Problems desk.Problems
}

// mostLinesShown bounds the table; those that are wrong come first.
const mostLinesShown = 200

func (i AccessImport) few() []desk.ImportedLine {
	list := slices.Clone(i.Lines)
	slices.SortStableFunc(list, func(a, b desk.ImportedLine) int {
		return min(len(b.Problems), 1) - min(len(a.Problems), 1)
	})
	return list[:min(len(list), mostLinesShown)]
}

func lineCustomer(l desk.ImportedLine) string {
	if l.Name != "" {
		return l.Name
	}
	return l.Customer
}

// lineSays sums a line up.
func lineSays(ctx context.Context, l desk.ImportedLine) string {
	var parts []string
	if r := l.Relationship; r != nil {
		parts = append(parts, shown(r.Name), i18n.T(ctx, "access.status."+r.Status))
		if r.EndsAt != nil {
			parts = append(parts, i18n.From(ctx).ShortDate(*r.EndsAt))
		}
		parts = append(parts, roleNames(r.Roles)...)
	}
	if l.AzureRole != "" {
		parts = append(parts, i18n.T(ctx, "access.line_fact.azure", "Value", i18n.T(ctx, "access.azure."+l.AzureRole)))
	}
	if l.Reseller != "" {
		parts = append(parts, i18n.T(ctx, "access.line_fact.reseller", "Value", i18n.T(ctx, "access.fact."+l.Reseller)))
	}
	if l.EntraPremium != "" {
		parts = append(parts, i18n.T(ctx, "access.line_fact.premium", "Value", i18n.T(ctx, "access.fact."+l.EntraPremium)))
	}
	return strings.Join(parts, ", ")
}

// accessLine says in a sentence how a customer's access stands.
func accessLine(ctx context.Context, c desk.CustomersAccess) string {
	day := ""
	if end := c.Ends(); end != nil {
		day = i18n.From(ctx).Day(*end)
	}
	return i18n.T(ctx, "access.on_customer."+string(c.State()), "Day", day)
}

// formAction is where the form of a relationship goes.
func (o OneAccess) formAction(f Frame) string {
	href := accessHref(f, o.Customer.ID) + "/relationships"
	if o.Edit != desk.Nobody {
		href += "/" + o.Edit.String()
	}
	return href
}

func (o OneAccess) endsField(ctx context.Context, form desk.RelationshipForm) ui.Field {
	return ui.Field{Name: "ends", Label: i18n.T(ctx, "access.ends_on"), Hint: i18n.T(ctx, "access.ends_hint"), Value: shown(form.Ends), Error: problemOf(ctx, o.Problems, "ends")}
}

// accessTrouble is a badge beside a ticket whose customer's access is gone or ends
// within days; nothing where all is well.
func accessTrouble(p *i18n.Printer, t desk.AccessTrouble) (tone, text string) {
	if t.Gone || t.EndsAt != nil && t.EndsAt.Before(p.Now()) {
		return "bad", p.T("access.badge_gone")
	}
	if t.EndsAt == nil {
		return "", ""
	}
	return "warn", p.T("access.badge_soon", "Day", p.ShortDate(*t.EndsAt))
}
