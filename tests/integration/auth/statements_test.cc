#include "services/auth/audit/audit_sql.h"
#include "services/auth/directory/directory_sql.h"
#include "services/auth/invitation/invitation_sql.h"
#include "services/auth/key/key_sql.h"
#include "services/auth/mail/mail_sql.h"
#include "services/auth/method/company_sql.h"
#include "services/auth/method/known_user_sql.h"
#include "services/auth/method/link_sql.h"
#include "services/auth/method/method_sql.h"
#include "services/auth/method/revocation_sql.h"
#include "services/auth/migrations.h"
#include "services/auth/reset/reset_sql.h"
#include "services/auth/session/session_sql.h"
#include "services/auth/throttle/throttle_sql.h"
#include "tests/support/contracts/statement_contract.h"

namespace usher::auth {
namespace statements_test {

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
    all.insert(all.end(), std::begin(sql::kAllOfGuesses), std::end(sql::kAllOfGuesses));
    all.insert(all.end(), std::begin(sql::kAllOfAudit), std::end(sql::kAllOfAudit));
    all.insert(all.end(), std::begin(sql::kAllOfKeys), std::end(sql::kAllOfKeys));
    all.insert(all.end(), std::begin(sql::kAllOfMails), std::end(sql::kAllOfMails));
    all.insert(all.end(), std::begin(sql::kAllOfResets), std::end(sql::kAllOfResets));
    all.insert(all.end(), std::begin(sql::kAllOfLinks), std::end(sql::kAllOfLinks));
    all.insert(all.end(), std::begin(sql::kAllOfInvitations), std::end(sql::kAllOfInvitations));
    all.insert(all.end(), std::begin(sql::kAllOfDirectories), std::end(sql::kAllOfDirectories));
    return all;
  }
  static std::map<std::string, std::string> OfAllCompanies() {
    return {{"list_revocations", "every service follows the revocations of all companies"},
            {"forget_revocations", "old is old in every company"},
            {"claim_mail", "any replica sends whatever is due"},
            {"list_mails", "an operator sees the mail of all companies"},
            {"send_mail_again", "an operator names a mail by its ID alone"},
            {"count_mails", "the metrics are about all companies"},
            {"forget_mail_decoys", "they are nobody's"},
            {"forget_dead_mails", "old is old in every company"},
            {"forget_resets", "expired is expired in every company"},
            {"forget_given_up", "what comes late comes late in every company"},
            {"read_guesses", "a source counts for all companies"},
            {"write_guesses", "a source counts for all companies"},
            {"forget_guesses", "what says nothing any more says nothing in any company"},
            {"count_guesses", "there is room for so many of all companies"},
            {"trim_guesses", "there is room for so many of all companies"},
            {"list_audit_of_all", "what a platform administrator reads"},
            {"forget_uses", "old is old in every company"},
            {"forget_moved_sessions", "in whatever company a session goes on"},
            {"forget_sessions", "expired is expired in every company"},
            {"forget_moved", "expired is expired in every company"},
            {"list_endings", "over is over in every company"}};
  }
};

}  // namespace statements_test
}  // namespace usher::auth

namespace usher {

INSTANTIATE_TYPED_TEST_SUITE_P(Auth, StatementContract,
                               ::testing::Types<auth::statements_test::Statements>);

}  // namespace usher
