package hours

import (
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/ua"
)

// What the library has otherwise than the law, and the two countries that it has not.

// france is Code du travail L3133-1: the library's eleven dates are right, two names are not what people say.
var france = renamed(fr.Holidays, map[string]string{"Nouvel an": "Jour de l’An", "Fête Nationale": "Fête nationale"})

var frenchParts = func() []part {
	// L3134-13. Good Friday is for communes with a Protestant church, which all towns have.
	alsace := with(france, named(gb.GoodFriday, "Vendredi saint"), fixed("Saint-Étienne", 12, 26))
	abolition := func(month time.Month, day int) []*cal.Holiday { // L3422-2
		return with(france, fixed("Abolition de l’esclavage", month, day))
	}
	return []part{
		{"57", "Moselle", alsace}, {"67", "Bas-Rhin", alsace}, {"68", "Haut-Rhin", alsace}, {"6AE", "Alsace", alsace},
		{"971", "Guadeloupe", abolition(5, 27)}, {"972", "Martinique", abolition(5, 22)}, {"973", "French Guiana", abolition(6, 10)},
		{"974", "Réunion", abolition(12, 20)}, {"976", "Mayotte", abolition(4, 27)},
	}
}()

// luxembourg is Code du travail L.232-2.
var luxembourg = []*cal.Holiday{
	fixed("Nouvel An", 1, 1), easter("Lundi de Pâques", 1), fixed("Fête du Travail", 5, 1),
	from(fixed("Journée de l’Europe", 5, 9), 2019), easter("Ascension", 39), easter("Lundi de Pentecôte", 50),
	fixed("Fête nationale", 6, 23), fixed("Assomption", 8, 15), fixed("Toussaint", 11, 1), fixed("Noël", 12, 25),
	fixed("Deuxième jour de Noël", 12, 26),
}

// portugal is Código do Trabalho art. 234; four were off from 2013 to 2015.
var portugal = []*cal.Holiday{
	fixed("Ano Novo", 1, 1), easter("Sexta-Feira Santa", -2), easter("Páscoa", 0), fixed("Dia da Liberdade", 4, 25),
	fixed("Dia do Trabalhador", 5, 1), except(easter("Corpo de Deus", 60), 2013, 2014, 2015), fixed("Dia de Portugal", 6, 10),
	fixed("Assunção de Nossa Senhora", 8, 15), except(fixed("Implantação da República", 10, 5), 2013, 2014, 2015),
	except(fixed("Todos os Santos", 11, 1), 2013, 2014, 2015), except(fixed("Restauração da Independência", 12, 1), 2013, 2014, 2015),
	fixed("Imaculada Conceição", 12, 8), fixed("Natal", 12, 25),
}

// belgium has its names in both languages; the library has the Dutch ones.
var belgium = renamed(be.Holidays, map[string]string{
	"Nieuwjaarsdag": "Nouvel An / Nieuwjaar", "Paasmaandag": "Lundi de Pâques / Paasmaandag",
	"Dag van de Arbeid": "Fête du Travail / Dag van de Arbeid", "Onze Lieve Heer Hemelvaart": "Ascension / O.L.H. Hemelvaart",
	"Pinkstermaandag": "Lundi de Pentecôte / Pinkstermaandag", "Nationale Feestdag": "Fête nationale / Nationale feestdag",
	"Onze Lieve Vrouw Hemelvaart": "Assomption / O.L.V. Hemelvaart", "Allerheiligen": "Toussaint / Allerheiligen",
	"Wapenstilstand": "Armistice / Wapenstilstand", "Kerstmis": "Noël / Kerstmis",
})

var unitedKingdom = with(renamed(gb.Holidays, map[string]string{"Early May": "Early May Bank Holiday"}),
	once("State Funeral of Queen Elizabeth II", 2022, 9, 19))

// argentina moves four by weekday, and its Good Friday is no Thursday.
var argentina = func() []*cal.Holiday {
	toMonday := []cal.AltDay{{Day: time.Tuesday, Offset: -1}, {Day: time.Wednesday, Offset: -2}, {Day: time.Thursday, Offset: 4}, {Day: time.Friday, Offset: 3}}
	list := without(ar.Holidays, ar.EasternsDay, ar.GuemesDay, ar.BelgranoDay, ar.SanMartinDay, ar.DiversityDay, ar.SovereigntyDay)
	list = append(list, easter(ar.EasternsDay.Name, -2), fixed(ar.BelgranoDay.Name, 6, 20))
	for _, h := range []*cal.Holiday{ar.GuemesDay, ar.SanMartinDay, ar.DiversityDay, ar.SovereigntyDay} {
		list = append(list, substituted(h, toMonday))
	}
	return list
}()

// bulgaria keeps 1 May when Easter is after it, which the library forgets.
var bulgaria = with(without(bg.Holidays, bg.LabourDay), substituted(fixed(bg.LabourDay.Name, 5, 1), onWeekend))

// brazil has a holiday more since Lei 14.759/2023.
var brazil = with(br.Holidays, from(fixed("Dia da Consciência Negra", 11, 20), 2024))

// italy has a holiday more since legge 151/2025.
var italy = with(it.Holidays, easter("Pasqua", 0), from(fixed("San Francesco d’Assisi", 10, 4), 2026))

// poland has Christmas Eve since the law of 27 November 2024, and two Sundays that the library leaves out.
var poland = with(pl.Holidays, easter("Wielkanoc", 0), easter("Zielone Świątki", 49), from(fixed("Wigilia Bożego Narodzenia", 12, 24), 2025))

// romania has two more since Legea 52/2023.
var romania = with(ro.Holidays, from(fixed("Boboteaza", 1, 6), 2024), from(fixed("Sfântul Ioan Botezătorul", 1, 7), 2024))

// slovakia works on 1 September since 2024.
var slovakia = with(without(sk.Holidays, sk.Constitution), until(sk.Constitution, 2023))

// russia is off from 1 to 8 January, of which no weekend gives another day: Labour Code art. 112.
var russia = func() []*cal.Holiday {
	list := with(without(ru.Holidays, ru.NewYear, ru.OrthodoxChristmas, ru.UnionDay),
		fixed(ru.NewYear.Name, 1, 1), fixed(ru.OrthodoxChristmas.Name, 1, 7), named(ru.UnionDay, "День народного единства"))
	for _, day := range []int{2, 3, 4, 5, 6, 8} {
		list = append(list, fixed("Новогодние каникулы", 1, day))
	}
	return list
}()

// ukraine has moved to the new calendar with laws 3107-IX and 3258-IX of 2023. None of it is a day off under martial law,
// which is for the desk to say.
var ukraine = with(without(ua.Holidays, ua.OrthodoxChristmas, ua.VictoryDay, ua.DefenderOfUkraineDay),
	until(ua.OrthodoxChristmas, 2023), until(ua.VictoryDay, 2023), until(ua.DefenderOfUkraineDay, 2022),
	from(substituted(fixed("День пам’яті та перемоги над нацизмом", 5, 8), onWeekend), 2024),
	from(substituted(fixed("День Української Державності", 7, 15), onWeekend), 2024),
	from(substituted(fixed("День захисників і захисниць України", 10, 1), onWeekend), 2023))

// greece says Christmas for New Year in the library.
var greece = renamed(gr.Holidays, map[string]string{"Xristougenna": "Πρωτοχρονιά"})

// The northern lists and the Dutch one leave out the Sundays.
var (
	denmark     = with(dk.Holidays, easter("Påskedag", 0), easter("Pinsedag", 49))
	netherlands = with(nl.Holidays, easter("Eerste Paasdag", 0), easter("Eerste Pinksterdag", 49)) // Algemene termijnenwet art. 3
	norway      = with(no.Holidays, easter("Første påskedag", 0), easter("Første pinsedag", 49))
	sweden      = with(se.Holidays, se.Paskdagen, se.Pingstdagen)
)

// newZealand has Matariki, by schedule 1 of the Act of 2022, which ends in 2052.
var newZealand = with(crowned(nz.Holidays), &cal.Holiday{Name: "Matariki", StartYear: 2022, EndYear: 2022 + len(matariki) - 1,
	Func: func(_ *cal.Holiday, year int) time.Time {
		return time.Date(year, time.June, matariki[year-2022], 0, 0, 0, 0, time.UTC)
	}})

// matariki is days since the end of May.
var matariki = []int{24, 44, 28, 20, 40, 25, 44, 36, 21, 41, 32, 24, 37, 29, 48, 40, 25, 45, 36, 49, 41, 33, 24, 37, 29, 49, 33, 25, 45, 30, 21}

// crowned calls the sovereign's birthday by the present one.
func crowned(list []*cal.Holiday) []*cal.Holiday {
	return renamed(list, map[string]string{"Queen's Birthday": "King’s Birthday"})
}

var (
	onWeekend = []cal.AltDay{{Day: time.Saturday, Offset: 2}, {Day: time.Sunday, Offset: 1}}
	onSunday  = []cal.AltDay{{Day: time.Sunday, Offset: 1}}
)

func fixed(name string, month time.Month, day int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Day: day, Func: cal.CalcDayOfMonth}
}

// easter is so many days after Easter Sunday.
func easter(name string, offset int) *cal.Holiday {
	return &cal.Holiday{Name: name, Offset: offset, Func: cal.CalcEasterOffset}
}

func nth(name string, month time.Month, day time.Weekday, n int) *cal.Holiday {
	return &cal.Holiday{Name: name, Month: month, Weekday: day, Offset: n, Func: cal.CalcWeekdayOffset}
}

func once(name string, year int, month time.Month, day int) *cal.Holiday {
	return until(from(fixed(name, month, day), year), year)
}

func from(h *cal.Holiday, year int) *cal.Holiday  { return h.Clone(&cal.Holiday{StartYear: year}) }
func until(h *cal.Holiday, year int) *cal.Holiday { return h.Clone(&cal.Holiday{EndYear: year}) }

func except(h *cal.Holiday, years ...int) *cal.Holiday { return h.Clone(&cal.Holiday{Except: years}) }

func named(h *cal.Holiday, name string) *cal.Holiday { return h.Clone(&cal.Holiday{Name: name}) }

func substituted(h *cal.Holiday, by []cal.AltDay) *cal.Holiday {
	return h.Clone(&cal.Holiday{Observed: by})
}

func with(list []*cal.Holiday, more ...*cal.Holiday) []*cal.Holiday {
	return append(slices.Clone(list), more...)
}

func without(list []*cal.Holiday, gone ...*cal.Holiday) []*cal.Holiday {
	return slices.DeleteFunc(slices.Clone(list), func(h *cal.Holiday) bool { return slices.Contains(gone, h) })
}

// renamed keeps the very holidays that keep their name, so that without still finds them.
func renamed(list []*cal.Holiday, names map[string]string) []*cal.Holiday {
	list = slices.Clone(list)
	for i, h := range list {
		if name := names[strings.TrimSpace(h.Name)]; name != "" {
			list[i] = named(h, name)
		}
	}
	return list
}
