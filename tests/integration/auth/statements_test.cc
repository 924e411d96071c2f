#include "services/auth/company_switch/link_sql.h"
#include "services/auth/invitation/invitation_sql.h"
#include "services/auth/method/company_sql.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/revocation_sql.h"
#include "services/auth/migrations.h"
#include "services/auth/session/session_sql.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::auth {
namespace {

struct Statements {
  static constexpr char kFolder[] = "services/auth";
  static std::vector<db::Migration> Migrations() { return auth::Migrations(); }
  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAllOfMethods),
                                          std::end(sql::kAllOfMethods));
    all.insert(all.end(), std::begin(sql::kAllOfKnownUsers), std::end(sql::kAllOfKnownUsers));
    all.insert(all.end(), std::begin(sql::kAllOfRevocations), std::end(sql::kAllOfRevocations));
    all.insert(all.end(), std::begin(sql::kAllOfSessions), std::end(sql::kAllOfSessions));
    all.insert(all.end(), std::begin(sql::kAllOfCompanies), std::end(sql::kAllOfCompanies));
    all.insert(all.end(), std::begin(sql::kAllOfLinks), std::end(sql::kAllOfLinks));
    all.insert(all.end(), std::begin(sql::kAllOfInvitations), std::end(sql::kAllOfInvitations));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() {
    return {{"list_revocations", "every service follows the revocations of all companies"},
            {"forget_revocations", "old is old in every company"},
            {"forget_given_up", "what comes late comes late in every company"},
            {"forget_sessions", "expired is expired in every company"},
            {"forget_uses", "long unused is long unused in every company"},
            {"forget_ended_sessions", "over is over in every company"},
            {"forget_endings", "forgotten is forgotten in every company"}};
  }
};

}  // namespace
}  // namespace usher::auth

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Auth, StatementContract, ::testing::Types<auth::Statements>);

}  // namespace usher
