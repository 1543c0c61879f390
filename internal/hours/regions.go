package hours

import (
	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// rule is what the law of a country does with a holiday that falls on a weekend.
type rule int

const (
	stays rule = iota // nothing: who works that day has his own compensation, which closes no desk
	adds              // another day closes as well; the date itself stays a holiday
	moves             // another day closes in its place
)

// country has its national list and the parts that have one of their own.
type country struct {
	code, name string
	rule       rule
	list       []*cal.Holiday
	parts      []part
}

type part struct {
	code, name string
	list       []*cal.Holiday
}

// countries are those of the library, with the corrections of lists.go, and Luxembourg and Portugal. Each rule says
// where the law has it.
var countries = []country{
	{"AR", "Argentina", moves, argentina, nil},             // Ley 27.399 art. 6: movable ones go to a Monday
	{"AT", "Austria", stays, at.Holidays, nil},             // Feiertagsruhegesetz § 1
	{"AU", "Australia", adds, australia, australianStates}, // each state's Public Holidays Act adds a day
	{"BE", "Belgium", stays, belgium, nil},                 // loi du 4 janvier 1974 art. 6: each firm picks the day in its place
	{"BG", "Bulgaria", adds, bulgaria, nil},                // Labour Code art. 154(2)
	{"BR", "Brazil", stays, brazil, nil},                   // Lei 662/1949
	{"CA", "Canada", adds, canada, canadianParts},          // Canada Labour Code s. 195: a working day beside it
	{"CH", "Switzerland", stays, switzerland, cantons},     // cantonal law; Arbeitsgesetz art. 20a
	{"CZ", "Czechia", stays, cz.Holidays, nil},             // zákon 245/2000
	{"DE", "Germany", stays, de.Holidays, lands},           // Feiertagsgesetze der Länder
	{"DK", "Denmark", stays, denmark, nil},                 // helligdage: bound to their date
	{"ES", "Spain", stays, es.Holidays, nil},               // Estatuto de los Trabajadores art. 37.2: only regions move a Sunday
	{"FR", "France", stays, france, frenchParts},           // Code du travail L3133-1: no day in its place
	{"GB", "United Kingdom", adds, unitedKingdom, nations}, // Banking and Financial Dealings Act 1971 sch. 1, and proclamations
	{"GR", "Greece", stays, greece, nil},
	{"HR", "Croatia", stays, hr.Holidays, nil},
	{"IE", "Ireland", stays, ie.Holidays, nil}, // Organisation of Working Time Act 1997 s. 21: a day off for the person
	{"IT", "Italy", stays, italy, nil},         // legge 260/1949 art. 5: pay, no other day
	{"JP", "Japan", adds, jp.Holidays, nil},    // Act on National Holidays art. 3(2): Sundays
	{"LT", "Lithuania", stays, lt.Holidays, nil},
	{"LU", "Luxembourg", stays, luxembourg, nil}, // Code du travail L.232-3: a day off for the person
	{"LV", "Latvia", adds, lv.Holidays, nil},     // 4 May and 18 November alone
	{"MW", "Malawi", adds, mw.Holidays, nil},     // Public Holidays Act s. 3
	{"NC", "New Caledonia", stays, nc.Holidays, nil},
	{"NL", "Netherlands", moves, netherlands, nil}, // King's Day of a Sunday is kept on the Saturday before
	{"NO", "Norway", stays, norway, nil},
	{"NZ", "New Zealand", adds, newZealand, nil}, // Holidays Act 2003 s. 45, 45A
	{"PL", "Poland", stays, poland, nil},         // Kodeks pracy art. 130 § 2: a day off for the person
	{"PT", "Portugal", stays, portugal, nil},     // Código do Trabalho art. 234
	{"RO", "Romania", stays, romania, nil},       // Codul muncii art. 139
	{"RU", "Russia", adds, russia, nil},          // Labour Code art. 112; yearly decrees move more
	{"SE", "Sweden", stays, sweden, nil},         // lag 1989:253
	{"SI", "Slovenia", stays, si.Holidays, nil},
	{"SK", "Slovakia", stays, slovakia, nil},        // zákon 241/1993
	{"UA", "Ukraine", adds, ukraine, nil},           // Labour Code art. 67
	{"US", "United States", adds, us.Holidays, nil}, // 5 U.S.C. 6103(b): the Friday before or the Monday after
	{"ZA", "South Africa", adds, za.Holidays, nil},  // Public Holidays Act 1994 s. 2(1): Sundays
}

var regions = index(countries)

func index(countries []country) map[string]*region {
	all := map[string]*region{}
	for _, c := range countries {
		all[c.code] = &region{Region: Region{c.code, c.name, c.name}, list: c.list, rule: c.rule}
		for _, p := range c.parts {
			code := c.code + "-" + p.code
			all[code] = &region{Region: Region{code, c.name, p.name}, list: p.list, rule: c.rule}
		}
	}
	return all
}

var lands = []part{
	{"BB", "Brandenburg", with(de.HolidaysBB, easter("Ostersonntag", 0), easter("Pfingstsonntag", 49))},
	// Berlin's own days are by its Feiertagsgesetz § 1.
	{"BE", "Berlin", with(de.HolidaysBE, once("Tag der Befreiung", 2020, 5, 8), once("Tag der Befreiung", 2025, 5, 8),
		once("Jahrestag des Aufstandes vom 17. Juni 1953", 2028, 6, 17))},
	{"BW", "Baden-Württemberg", de.HolidaysBW},
	{"BY", "Bavaria", de.HolidaysBY}, // Assumption is for the Catholic communes alone: a closed date of the desk
	{"HB", "Bremen", de.HolidaysHB},
	{"HE", "Hesse", de.HolidaysHE},
	{"HH", "Hamburg", de.HolidaysHH},
	{"MV", "Mecklenburg-Western Pomerania", with(de.HolidaysMV, from(de.Frauentag, 2023))},
	{"NI", "Lower Saxony", de.HolidaysNI},
	{"NW", "North Rhine-Westphalia", de.HolidaysNW},
	{"RP", "Rhineland-Palatinate", de.HolidaysRP},
	{"SH", "Schleswig-Holstein", de.HolidaysSH},
	{"SL", "Saarland", de.HolidaysSL},
	{"SN", "Saxony", de.HolidaysSN},
	{"ST", "Saxony-Anhalt", de.HolidaysST},
	{"TH", "Thuringia", de.HolidaysTH},
}

// australia is what all states keep; the desk's state says the rest.
var australia = []*cal.Holiday{au.NewYear, au.AustraliaDay, au.GoodFriday, au.EasterMonday, au.AnzacDay, au.ChristmasDay, au.BoxingDay}

var australianStates = []part{
	{"ACT", "Australian Capital Territory", crowned(au.HolidaysACT)},
	{"NSW", "New South Wales", crowned(au.HolidaysNSW)},
	{"NT", "Northern Territory", crowned(au.HolidaysNT)},
	{"QLD", "Queensland", crowned(au.HolidaysQLD)},
	{"SA", "South Australia", crowned(au.HolidaysSA)},
	{"TAS", "Tasmania", crowned(au.HolidaysTAS)},
	{"VIC", "Victoria", crowned(au.HolidaysVIC)},
	{"WA", "Western Australia", crowned(au.HolidaysWA)},
}

// canada is the Canada Labour Code's list, s. 166. Easter Monday and the Civic Holiday, which the library adds, are
// for federal servants and for some provinces.
var canada = without(ca.Holidays, ca.EasterMonday, ca.CivicDay)

var canadianParts = []part{
	// Loi sur les normes du travail art. 60, Loi sur la fête nationale. The employer chooses between Good Friday and
	// Easter Monday; most choose Friday.
	{"QC", "Quebec", []*cal.Holiday{
		fixed("Jour de l’An", 1, 1), named(ca.GoodFriday, "Vendredi saint"), named(ca.VictoriaDay, "Journée nationale des patriotes"),
		substituted(fixed("Fête nationale du Québec", 6, 24), onSunday), substituted(fixed("Fête du Canada", 7, 1), onSunday),
		named(ca.LabourDay, "Fête du Travail"), named(ca.ThanksgivingDay, "Action de grâces"), fixed("Noël", 12, 25)}},
	// Employment Standards Act, 2000 s. 1.
	{"ON", "Ontario", []*cal.Holiday{ca.NewYear, nth("Family Day", 2, 1, 3), ca.GoodFriday, ca.VictoriaDay, ca.CanadaDay,
		ca.LabourDay, ca.ThanksgivingDay, ca.ChristmasDay, ca.BoxingDay}},
}

var nations = []part{
	{"ENG", "England", unitedKingdom},
	{"WLS", "Wales", unitedKingdom},
	// St Andrew's Day Bank Holiday (Scotland) Act 2007; no Easter Monday, and the first Monday of August.
	{"SCT", "Scotland", with(without(unitedKingdom, gb.EasterMonday, gb.SummerHoliday), named(nz.DayAfterNewYear, "2nd January"),
		gb.SummerHolidayScotland, substituted(fixed("St Andrew’s Day", 11, 30), onWeekend))},
	{"NIR", "Northern Ireland", with(unitedKingdom, substituted(fixed("St Patrick’s Day", 3, 17), onWeekend),
		substituted(fixed("Battle of the Boyne", 7, 12), onWeekend))},
}
