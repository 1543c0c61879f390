package ui

import "strconv"

// outcomeIcons gives each verdict its shape, so that it reads without colour.
var outcomeIcons = map[string]string{"partner": "wrench", "microsoft": "out", "ask": "ask"}

// priorityIcon is the shape of a level, 1 the highest to 4.
func priorityIcon(level int) string { return "p" + strconv.Itoa(min(max(level, 1), 4)) }
