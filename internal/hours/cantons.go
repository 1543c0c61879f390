package hours

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ch"
)

// switzerland is what all cantons keep. The national day alone is federal law (Bundesverfassung art. 110); the
// library's list throws together what any canton keeps, which would close a desk on days on which its canton works.
var switzerland = []*cal.Holiday{ch.Neujahr, ch.Auffahrt, ch.Bundesfeiertag, ch.Weihnachtstag}

// cantons follow the list of the Federal Office of Justice (bj.admin.ch, kantonale Feiertage) where the library
// differs from it: Basel-Landschaft, Fribourg, Geneva, Glarus, Grisons, Jura, Lucerne, Neuchâtel, Obwalden, Ticino,
// Vaud and Zug. Names are in the canton's language.
var cantons = []part{
	{"AG", "Aargau", ch.HolidaysAG},
	{"AI", "Appenzell Innerrhoden", ch.HolidaysAI},
	{"AR", "Appenzell Ausserrhoden", ch.HolidaysAR},
	{"BE", "Bern", ch.HolidaysBE},
	{"BL", "Basel-Landschaft", without(ch.HolidaysBL, ch.Fronleichnam, ch.MariaHimmelfahrt)},
	{"BS", "Basel-Stadt", ch.HolidaysBS},
	{"FR", "Fribourg", french(with(without(ch.HolidaysFR, ch.TagderArbeit), ch.MariaEmpfangnis))},
	{"GE", "Geneva", french(with(without(ch.HolidaysGE, ch.Fronleichnam), afterSunday("Jeûne genevois", 1, 4),
		fixed("Restauration de la République", 12, 31)))},
	{"GL", "Glarus", with(ch.HolidaysGL, naefels)},
	{"GR", "Grisons", without(ch.HolidaysGR, ch.HeiligeDreiKoenige, ch.Josefstag, ch.Fronleichnam, ch.MariaHimmelfahrt,
		ch.Allerheiligen, ch.MariaEmpfangnis)},
	{"JU", "Jura", french(with(ch.HolidaysJU, fixed("Commémoration du plébiscite jurassien", 6, 23)))},
	{"LU", "Lucerne", with(without(ch.HolidaysLU, ch.Josefstag), ch.Berchtoldstag, ch.Ostermontag, ch.Pfingstmontag)},
	// Corpus Christi is for one commune. The second of January and of Christmas follow a Sunday: loi NE art. 3.
	{"NE", "Neuchâtel", french(with(without(ch.HolidaysNE, ch.Fronleichnam), fixed("Instauration de la République", 3, 1),
		onMonday("2 janvier", 1, 2), onMonday("26 décembre", 12, 26)))},
	{"NW", "Nidwalden", ch.HolidaysNW},
	{"OW", "Obwalden", with(ch.HolidaysOW, fixed("Bruder Klaus", 9, 25))},
	{"SG", "St. Gallen", ch.HolidaysSG},
	{"SH", "Schaffhausen", ch.HolidaysSH},
	{"SO", "Solothurn", ch.HolidaysSO},
	{"SZ", "Schwyz", ch.HolidaysSZ},
	{"TG", "Thurgau", ch.HolidaysTG},
	{"TI", "Ticino", italian(with(ch.HolidaysTI, fixed("Santi Pietro e Paolo", 6, 29)))},
	{"UR", "Uri", ch.HolidaysUR},
	{"VD", "Vaud", french(with(ch.HolidaysVD, afterSunday("Lundi du Jeûne fédéral", 3, 1)))},
	{"VS", "Valais", french(ch.HolidaysVS)},
	{"ZG", "Zug", []*cal.Holiday{ch.Neujahr, ch.Karfreitag, ch.Auffahrt, ch.Fronleichnam, ch.Bundesfeiertag, ch.MariaHimmelfahrt,
		ch.Allerheiligen, ch.MariaEmpfangnis, ch.Weihnachtstag}},
	{"ZH", "Zurich", ch.HolidaysZH},
}

func french(list []*cal.Holiday) []*cal.Holiday {
	return renamed(list, map[string]string{
		"Neujahrstag": "Nouvel An", "Berchtoldstag": "2 janvier", "Josefstag": "Saint-Joseph", "Karfreitag": "Vendredi saint",
		"Ostermontag": "Lundi de Pâques", "Tag der Arbeit": "Fête du Travail", "Auffahrt": "Ascension", "Pfingstmontag": "Lundi de Pentecôte",
		"Fronleichnam": "Fête-Dieu", "Bundesfeiertag": "Fête nationale", "Mariä Himmelfahrt": "Assomption", "Allerheiligen": "Toussaint",
		"Mariä Empfängnis": "Immaculée Conception", "Weihnachtstag": "Noël", "Zweiter Weihnachtsfeiertag": "Saint-Étienne",
	})
}

func italian(list []*cal.Holiday) []*cal.Holiday {
	return renamed(list, map[string]string{
		"Neujahrstag": "Capodanno", "Heilige Drei Könige": "Epifania", "Josefstag": "San Giuseppe", "Ostermontag": "Lunedì di Pasqua",
		"Tag der Arbeit": "Festa del lavoro", "Auffahrt": "Ascensione", "Pfingstmontag": "Lunedì di Pentecoste", "Fronleichnam": "Corpus Domini",
		"Bundesfeiertag": "Festa nazionale", "Mariä Himmelfahrt": "Assunzione", "Allerheiligen": "Ognissanti",
		"Mariä Empfängnis": "Immacolata", "Weihnachtstag": "Natale", "Zweiter Weihnachtsfeiertag": "Santo Stefano",
	})
}

// afterSunday is so many days after the nth Sunday of September.
func afterSunday(name string, n, days int) *cal.Holiday {
	h := nth(name, time.September, time.Sunday, n)
	h.CalcOffset = days
	return h
}

// onMonday is a holiday only in years in which its date is a Monday.
func onMonday(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, Func: func(h *cal.Holiday, year int) time.Time {
		if at := cal.CalcDayOfMonth(h, year); at.Weekday() == time.Monday {
			return at
		}
		return time.Time{}
	}}
}

// naefels is the first Thursday of April, or the next when that one is in Holy Week.
var naefels = &cal.Holiday{Name: "Näfelser Fahrt", Month: time.April, Weekday: time.Thursday, Offset: 1, Func: func(h *cal.Holiday, year int) time.Time {
	at := cal.CalcWeekdayOffset(h, year)
	if at.Equal(cal.CalcEasterOffset(&cal.Holiday{Offset: -3}, year)) {
		return at.AddDate(0, 0, 7)
	}
	return at
}}
