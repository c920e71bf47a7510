package till

// DailyPDF is where the report of each day goes as a PDF by itself.
type DailyPDF struct {
	Folder string // empty: nowhere
	At     string // local time as 23:30, by which the day so far is written; empty: at each Z
}
