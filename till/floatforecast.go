package till

import "guitai/till/money"

// A FloatForecast is which coins and notes a drawer needs to give change all day.
type FloatForecast struct {
	For  BusinessDay
	Days int // past days it goes by: the same weekday where there are enough, else the days before
	// Same tells that they are of the same weekday.
	Same   bool
	Pieces []FloatPieces // largest denomination first; those that were never needed are left out
	Total  money.Amount  // of the pieces needed
}

// FloatPieces is how many of one denomination a drawer needs in the morning.
type FloatPieces struct {
	Denomination money.Amount
	Need         int // so that no customer of the worst of those days would have waited for change
	Have         int // counted at the last close
	Counted      bool
}
