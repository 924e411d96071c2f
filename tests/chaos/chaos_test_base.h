// What the cases share: the house, in good order before and after each.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "common/base/id.h"
#include "tests/chaos/callers.h"
#include "tests/chaos/chaos_house.h"
#include "tests/chaos/judge.h"

namespace usher::chaos {

class ChaosTest : public ::testing::Test {
 protected:
  ChaosTest() { chaos_.Repair(); }
  void TearDown() override { chaos_.Repair(); }

  static std::string NewName() { return NewUuid(); }
  static std::string NewEmail() { return NewUuid() + "@acme.example"; }
  pid_t Process(const std::string& service) { return house_.process(service).pid(); }

  // Every server reads and changes its database, soon and by itself.
  void ExpectAllIsWell(const Caller& caller) {
    for (const std::string& service : House::Services()) {
      Answer answer;
      EXPECT_TRUE(Await(absl::Seconds(15),
                        [&] {
                          answer = caller.Read(service);
                          return answer.told() == Told::kDone;
                        }))
          << service << " does not read: " << answer.Text();
      EXPECT_TRUE(Await(absl::Seconds(15),
                        [&] {
                          answer = caller.Change(service, NewName());
                          return answer.told() == Told::kDone;
                        }))
          << service << " does not write: " << answer.Text();
    }
    EXPECT_EQ(caller.IsAuthenticated().told(), Told::kDone);
  }

  // Holds what was told against what has become of it.
  static void ExpectHonest(const Answer& answer, bool has_happened) {
    EXPECT_NE(answer.told(), Told::kWrong) << answer.Text();
    if (answer.told() == Told::kDone) {
      EXPECT_TRUE(has_happened) << "acknowledged and lost: " << answer.Text();
    }
    if (answer.told() == Told::kNotChanged) {
      EXPECT_FALSE(has_happened) << "denied and done: " << answer.Text();
    }
  }

  ChaosHouse& chaos_ = ChaosHouse::Get();
  House& house_ = chaos_.house();
};

}  // namespace usher::chaos
