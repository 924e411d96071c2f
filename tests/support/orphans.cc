#include "tests/support/orphans.h"

#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace usher {
namespace {

using Keys = std::set<std::string>;

// Of `what` ("users WHERE state = 2"), each as the text of `key`.
Keys Read(House& house, const std::string& service, absl::string_view key, absl::string_view what) {
  const std::string all = house.database(service).Ask(
      absl::StrCat("SELECT string_agg(DISTINCT ", key, ", ' ') FROM ", what));
  return absl::StrSplit(all, ' ', absl::SkipEmpty());
}

constexpr char kCompany[] = "company_id";
constexpr char kUser[] = "company_id || '/' || user_id";

class Search {
 public:
  explicit Search(House& house) : house_(house) {}

  // Those of `some` that are not among `all`.
  void Missing(const Keys& some, const Keys& all, absl::string_view complaint) {
    for (const std::string& key : some) {
      if (all.count(key) == 0) found_.push_back(absl::StrCat(key, ": ", complaint));
    }
  }
  void Both(const Keys& some, const Keys& others, absl::string_view complaint) {
    for (const std::string& key : some) {
      if (others.count(key) > 0) found_.push_back(absl::StrCat(key, ": ", complaint));
    }
  }
  void Any(const Keys& some, absl::string_view complaint) { Missing(some, {}, complaint); }
  Keys Of(const std::string& service, absl::string_view key, absl::string_view what) {
    return Read(house_, service, key, what);
  }

  std::vector<std::string> found_;

 private:
  House& house_;
};

void SearchUsers(Search& search) {
  const Keys profiles = search.Of("user", kUser, "users WHERE state = 2");
  const Keys known = search.Of("auth", kUser, "users WHERE status <> 5");
  const Keys tombstones = search.Of("auth", kUser, "users WHERE status = 5");
  search.Any(search.Of("user", kUser, "users WHERE state <> 2"), "a profile that is half made");
  search.Missing(profiles, known, "a profile of somebody whom auth does not know");
  search.Missing(search.Of("auth", kUser,
                           "methods WHERE key_type = 'password' AND (principal LIKE '%@%' OR "
                           "company_id NOT IN ('operator', 'acme', 'globex'))"),
                 profiles, "a method without a profile");
  search.Missing(
      search.Of("auth", kUser,
                "users u WHERE status <> 5 AND NOT EXISTS (SELECT 1 FROM methods m WHERE "
                "m.company_id = u.company_id AND m.user_id = u.user_id)"),
      profiles, "auth knows somebody with neither profile nor method");
  search.Both(search.Of("auth", kUser, "methods"), tombstones, "a method of a removed user");
  search.Both(search.Of("room", kUser, "room_rights"), tombstones, "an entry of a removed user");
  search.Both(search.Of("business-logic", kUser, "favorites"), tombstones,
              "a favorite of a removed user");
}

void SearchCompanies(Search& search) {
  const Keys seen = search.Of("company", kCompany, "companies WHERE state = 2");
  const Keys known = search.Of("auth", kCompany, "companies WHERE status <> 3");
  search.Any(search.Of("company", kCompany, "companies WHERE state = 1"),
             "a company that is half made");
  search.Missing(seen, known, "a company that auth does not know");
  search.Missing(known, seen, "auth knows a company that is none");
  for (const auto& [service, table] :
       std::vector<std::pair<std::string, std::string>>{{"auth", "users"},
                                                        {"auth", "methods"},
                                                        {"auth", "sessions"},
                                                        {"user", "users"},
                                                        {"room", "rooms"},
                                                        {"room", "room_rights"},
                                                        {"business-logic", "favorites"}}) {
    search.Missing(search.Of(service, kCompany, table), seen,
                   absl::StrCat(service, " keeps ", table, " of a company that is none"));
  }
}

// -1: a database did not answer.
int CountSagas(House& house, const std::string& condition) {
  int all = 0;
  for (const char* service : {"user", "company"}) {
    int some = 0;
    if (!absl::SimpleAtoi(house.database(service).Ask(
                              absl::StrCat("SELECT count(*) FROM sagas WHERE ", condition)),
                          &some)) {
      return -1;
    }
    all += some;
  }
  return all;
}

}  // namespace

std::vector<std::string> OrphansIn(House& house) {
  Search search(house);
  for (const char* service : {"user", "company"}) {
    search.Any(search.Of(service, "company_id || '/' || subject || ' of kind ' || kind",
                         "sagas WHERE state <> 3"),
               absl::StrCat(service, " has a saga under way"));
  }
  SearchUsers(search);
  SearchCompanies(search);
  return search.found_;
}

int SagasUnderWay(House& house) { return CountSagas(house, "state <> 3"); }

int SagasLeft(House& house) { return CountSagas(house, "true"); }

}  // namespace usher
