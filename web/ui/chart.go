package ui

import (
	"math"
	"strconv"
)

// Chart is what a picture says in words: its title, and what is to be seen in
// it, for those who see it not. Its figures stand in a FigureTable beside it.
type Chart struct {
	ID    string // of its own on the page
	Title string
	Words string
}

func (c Chart) titleID() string { return c.ID + "-title" }

func (c Chart) wordsID() string { return c.ID + "-words" }

func (c Chart) labelledBy() string { return c.titleID() + " " + c.wordsID() }

// None is the height of a column that there is nothing to say of.
const None = -1

// Column is one bar: what stands above it, its height in percent of the scale,
// and two short lines below.
type Column struct {
	Height            int
	Text, Label, Note string
}

// The measures of Columns, in the units of their drawing.
const (
	columnStep  = 27
	columnTop   = 20
	columnFloor = 112
	columnsMost = 12
)

func (c Column) x(i int) string { return strconv.Itoa(i*columnStep + 3) }

func (c Column) middle(i int) string { return strconv.Itoa(i*columnStep + columnStep/2) }

func (c Column) tall() int { return max((columnFloor-columnTop)*c.Height/100, 1) }

func (c Column) y() string { return strconv.Itoa(columnFloor - c.tall()) }

func (c Column) textY() string {
	if c.Height == None {
		return strconv.Itoa(columnFloor - 5)
	}
	return strconv.Itoa(columnFloor - c.tall() - 5)
}

// Mark is a shape of its own, so that a series is known without its colour.
type Mark string

// The marks of Dots, in the order in which series take them.
const (
	Circle   Mark = "circle"
	Square   Mark = "square"
	Triangle Mark = "triangle"
)

// Marks lists them.
var Marks = []Mark{Circle, Square, Triangle}

// classes are the colours of the marks.
var classes = map[Mark]string{Circle: "f-brand", Square: "f-accent", Triangle: "f-muted"}

// outline draws the mark around a point.
func (m Mark) outline(x, y int) string {
	at := strconv.Itoa(x) + " " + strconv.Itoa(y)
	switch m {
	case Square:
		return "M" + at + "m-4-4h8v8h-8z"
	case Triangle:
		return "M" + at + "m0-5 5 9h-10z"
	}
	return "M" + at + "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z"
}

// DotRow is a line of Dots: a name, and the place of each series from 0 to 100;
// None for a series that has nothing to say.
type DotRow struct {
	Name   string
	Values []int
}

// The measures of Dots.
const (
	dotRow   = 46
	dotLeft  = 8
	dotRight = 312
)

func dotsBox(rows int) string { return "0 0 320 " + strconv.Itoa(rows*dotRow+18) }

func dotX(value int) int { return dotLeft + (dotRight-dotLeft)*value/100 }

func (r DotRow) nameY(i int) string { return strconv.Itoa(i*dotRow + 12) }

// dotY keeps the marks of a row apart where their values are the same.
func (r DotRow) dotY(i, series int) int { return i*dotRow + 22 + 8*series }

func dotsFloor(rows int) string { return strconv.Itoa(rows*dotRow + 14) }

func (r DotRow) bandY(i int) string { return strconv.Itoa(i*dotRow + 17) }

func (r DotRow) grid(i int) string {
	grid := ""
	for _, v := range []int{0, 50, 100} {
		grid += "M" + strconv.Itoa(dotX(v)) + " " + r.bandY(i) + "v27"
	}
	return grid
}

// BarRow is a line of Bars: a name, what it amounts to, its length in percent of
// the longest, and the part of that which is drawn thick.
type BarRow struct {
	Name, Text  string
	Wide, Thick int
}

const barRow = 34

func barsBox(rows int) string { return "0 0 320 " + strconv.Itoa(rows*barRow) }

func (b BarRow) nameY(i int) string { return strconv.Itoa(i*barRow + 12) }

func (b BarRow) thinY(i int) string { return strconv.Itoa(i*barRow + 22) }

func (b BarRow) thickY(i int) string { return strconv.Itoa(i*barRow + 18) }

func barLength(percent int) string { return strconv.Itoa(320 * percent / 100) }

// shortened fits a name on the line that it shares with its figures.
func shortened(name string, most int) string {
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// Heat is a week by the hour: counts, and when it was open, in minutes of the
// day.
type Heat struct {
	Days   [7]string
	Hours  [24]string // "" where no hour is written
	Counts [7][24]int
	Open   []HeatOpen
}

// HeatOpen frames a stretch of a day.
type HeatOpen struct{ Day, From, To int }

// The measures of Heat.
const (
	heatLeft = 44
	heatTop  = 20
	heatWide = 27
	heatTall = 24
)

func (h Heat) most() (most int) {
	for _, day := range h.Counts {
		for _, n := range day {
			most = max(most, n)
		}
	}
	return most
}

// level is how strong a count looks, 0 for none to 4 for the most.
func (h Heat) level(n int) string {
	if n == 0 {
		return "0"
	}
	return strconv.Itoa(int(math.Ceil(4 * float64(n) / float64(h.most()))))
}

func heatX(hour int) string { return strconv.Itoa(heatLeft + hour*heatWide) }

func heatMiddle(hour int) string { return strconv.Itoa(heatLeft + hour*heatWide + heatWide/2) }

func heatY(day int) string { return strconv.Itoa(heatTop + day*heatTall) }

func heatText(day int) string { return strconv.Itoa(heatTop + day*heatTall + 16) }

func (o HeatOpen) x() string { return decimal(heatLeft + float64(o.From)*heatWide/60) }

func (o HeatOpen) width() string { return decimal(float64(o.To-o.From) * heatWide / 60) }

func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// FigureTable is the figures of a chart. The first cell of a row names it.
type FigureTable struct {
	Caption string
	Heads   []string
	Words   bool // its columns are words, which line up on the left
	Rows    [][]Cell
}

// Cell is a figure, or a name that leads somewhere.
type Cell struct{ Text, Href string }

// Cells are figures that lead nowhere.
func Cells(texts ...string) []Cell {
	list := make([]Cell, len(texts))
	for i, t := range texts {
		list[i] = Cell{Text: t}
	}
	return list
}
