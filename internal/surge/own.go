package surge

import "time"

// Week is a figure for each hour of a week, from Monday's first.
type Week [7 * 24]float64

// Counts are how many customers wrote to a desk, about anything, in each hour of past weeks.
type Counts struct {
	Weeks int
	hours map[[2]string]*Week // kin and place → customers over all weeks; empty: any
}

// Add counts customers that wrote of a kin of services, from a place and those that hold it, in an
// hour of the week. No kin and no places are counted for the desk as a whole.
func (c *Counts) Add(kin string, places []string, hour int, customers float64) {
	if c.hours == nil {
		c.hours = map[[2]string]*Week{}
	}
	if hour < 0 || hour >= len(Week{}) {
		return
	}
	kins := []string{""}
	if kin != "" {
		kins = append(kins, kin)
	}
	for _, k := range kins {
		for _, p := range append([]string{""}, places...) {
			w := c.hours[[2]string{k, p}]
			if w == nil {
				w = &Week{}
				c.hours[[2]string{k, p}] = w
			}
			w[hour] += customers
		}
	}
}

func (c *Counts) total(kin, place string) (sum float64) {
	if w := c.hours[[2]string{kin, place}]; w != nil {
		for _, n := range w {
			sum += n
		}
	}
	return sum
}

// What is usual in general is believed as if it had been counted for so many weeks: it is all that
// a new desk knows, and little beside eight weeks of its own.
const generalWeeks = 2

// OwnUsual is what is usual at a desk that has counted its own weeks. How many write of a service,
// from a place, comes from those weeks as a whole; how they spread over the week, from all of the
// desk's customers, as single hours of single services hold too little. The share of them that
// complain is the general one.
func OwnUsual(customers int, c Counts) Usual {
	general := DefaultUsual(customers)
	if c.Weeks <= 0 || c.total("", "") == 0 {
		return general
	}
	usualHours, inAll := Week{}, 0.0
	monday := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for h := range usualHours {
		usualHours[h] = general(Outage, "", "", monday.Add(time.Duration(h)*time.Hour)) / outageShare
		inAll += usualHours[h]
	}
	// The desk may be written to more or less than others of its size: then that is so for each service.
	volume := c.total("", "") / float64(c.Weeks) / inAll
	spread := c.spread(usualHours, volume)
	return func(says Reading, kin, place string, at time.Time) float64 {
		share := troubleShare + outageShare
		if says == Outage {
			share = outageShare
		}
		of := general(Outage, kin, "", at) / max(general(Outage, "", "", at), least)
		whole := inAll * volume * of * c.placeShare(place)
		aWeek := (c.total(kin, place) + generalWeeks*whole) / float64(c.Weeks+generalWeeks)
		return share * aWeek * spread[(int(at.Weekday())+6)%7*24+at.Hour()]
	}
}

// spread is each hour's share of a week.
func (c *Counts) spread(general Week, volume float64) (out Week) {
	own := c.hours[[2]string{}]
	sum := 0.0
	for h := range out {
		out[h] = own[h] + generalWeeks*volume*general[h]
		sum += out[h]
	}
	for h := range out {
		out[h] /= sum
	}
	return out
}

// placeShare is the part of the desk's customers that write from a place.
func (c *Counts) placeShare(place string) float64 {
	if place == "" {
		return 1
	}
	return min((c.total("", place)+1)/(c.total("", "")+2), 1)
}
