// Answers that tell nothing by how long they take.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace usher {

// The samples of one kind of request.
struct TimedAnswers {
  std::string kind;
  std::vector<absl::Duration> times;
};

// How often a sample of the one takes longer than one of the other: half the time, where nobody
// could say which is which. (What Mann and Whitney count, by which no time counts, only which of
// two is the longer.)
inline double ShareOfLonger(const TimedAnswers& one, const TimedAnswers& other) {
  size_t longer = 0;
  for (const absl::Duration time : one.times) {
    longer += static_cast<size_t>(std::count_if(other.times.begin(), other.times.end(),
                                                [&](absl::Duration o) { return time > o; }));
  }
  return static_cast<double>(longer) / static_cast<double>(one.times.size() * other.times.size());
}

// Of samples that were taken interleaved, in a random order, so that what else the machine does
// falls on all alike. By chance, of some forty samples each, one would have to be more than five
// standard deviations off.
inline void ExpectNobodyCanTellThemByTheirTimes(const std::vector<TimedAnswers>& answers) {
  for (size_t a = 0; a < answers.size(); ++a) {
    for (size_t b = a + 1; b < answers.size(); ++b) {
      const double share = ShareOfLonger(answers[a], answers[b]);
      EXPECT_GT(share, 0.15) << answers[a].kind << " is answered sooner than " << answers[b].kind;
      EXPECT_LT(share, 0.85) << answers[a].kind << " is answered later than " << answers[b].kind;
    }
  }
}

}  // namespace usher
