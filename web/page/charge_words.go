package page

import (
	"context"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/pricing"
)

// billLine is one line of a bill in words; Amount is "" where it has none.
type billLine struct {
	Text   string
	Amount string
}

// billLines explain a bill. names are those of the blocks that it drew on.
func billLines(ctx context.Context, kind desk.ChargeKind, b pricing.Bill, names map[string]string) []billLine {
	lines := make([]billLine, len(b.Lines))
	for n, l := range b.Lines {
		lines[n].Text = lineText(ctx, l, names)
		if l.What == pricing.ForManual && (n > 0 || kind != desk.ForManual && kind != desk.ForBlock) {
			lines[n].Text = i18n.T(ctx, "charges.line_adjusted")
		}
		if l.Unit.CurrencyCode() != "" || l.What == pricing.ForManual {
			lines[n].Amount = money(ctx, l.Amount)
		}
	}
	return lines
}

func lineText(ctx context.Context, l pricing.Line, names map[string]string) string {
	t := func(key string, args ...any) string {
		return i18n.T(ctx, key, append(args, "Time", spent(ctx, l.Minutes), "When", inTime(ctx, l.Kind), "Unit", money(ctx, l.Unit), "Percent", l.Percent)...)
	}
	factor := l.Percent != 0 && l.Percent != 100
	switch l.What {
	case pricing.ForTime:
		if factor {
			return t("charges.line_time_factor")
		}
		return t("charges.line_time")
	case pricing.ForMinimum:
		return t("charges.line_minimum")
	case pricing.ForRounding:
		return t("charges.line_rounding")
	case pricing.ForIncluded:
		return t("charges.line_included")
	case pricing.ForFree:
		return t("charges.line_free")
	case pricing.ForWeighed:
		if factor {
			return t("charges.line_weighed", "Drawn", spent(ctx, l.Drawn))
		}
		return t("charges.line_prepaid")
	case pricing.ForBlock:
		return t("charges.line_block", "Block", names[l.Block])
	case pricing.ForOverage:
		return t("charges.line_overage")
	case pricing.ForIncident:
		if factor {
			return t("charges.line_incident_factor")
		}
		return t("charges.line_incident")
	case pricing.ForMonthly:
		users := i18n.N(ctx, "charges.line_users", l.Quantity, "Unit", money(ctx, l.Unit))
		if l.Days == l.Of {
			return users
		}
		return t("charges.line_days", "Users", users, "Days", l.Days, "Of", l.Of)
	}
	return t("charges.line_manual")
}

// inTime says when work was done: in working hours, at the weekend.
func inTime(ctx context.Context, k pricing.Kind) string {
	if k == "" {
		return ""
	}
	return i18n.T(ctx, "charges.in."+string(k))
}

// money writes an amount with all its decimals.
func money(ctx context.Context, a pricing.Amount) string {
	return i18n.From(ctx).Amount(a.Number(), a.CurrencyCode())
}

// totals writes sums in one or several currencies.
func totals(ctx context.Context, list []desk.Total) []string {
	words := make([]string, len(list))
	for i, t := range list {
		words[i] = i18n.From(ctx).Amount(t.Number, t.Currency)
	}
	return words
}

// spent writes minutes as hours that readers add up.
func spent(ctx context.Context, minutes int) string {
	if minutes == 0 {
		return i18n.T(ctx, "time.minutes", "Minutes", 0)
	}
	return i18n.From(ctx).Hours(time.Duration(minutes) * time.Minute)
}

// monthName writes a month of the desk's calendar.
func monthName(ctx context.Context, m desk.Month) string {
	p := i18n.From(ctx)
	return p.Month(m.At(p.Zone()))
}

// dayName writes a day of the desk's calendar, as tables do.
func dayName(ctx context.Context, d desk.Day) string {
	p := i18n.From(ctx)
	return p.ShortDate(d.At(p.Zone()))
}

// what is the headline of a charge: what it is for, in its reader's words.
func what(ctx context.Context, c desk.Charge) string {
	switch {
	case c.Kind == desk.ForMonth && c.Text != "":
		return i18n.T(ctx, "charges.month_of", "Contract", c.Text)
	case c.Kind == desk.ForMonth:
		return i18n.T(ctx, "charges.month_plain")
	case c.Kind == desk.ForBlock:
		return i18n.T(ctx, "charges.block_of", "Block", c.Text)
	case c.Kind == desk.ForIncident:
		return i18n.T(ctx, "charges.incident")
	}
	return c.Text
}

var chargeStates = map[desk.ChargeState]struct{ tone, icon string }{
	desk.Proposed: {"", "clock"}, desk.Approved: {"ok", "ok"}, desk.Waived: {"", "cross"},
}
