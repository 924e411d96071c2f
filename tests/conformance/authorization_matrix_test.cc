// Makes every case of authorization_matrix.txt and authorization_guests.txt happen, against the
// five servers: the right code, what a refusal may not change, and that nothing tells another
// company's objects from none. A sample of them comes through the JSON doors as well.
#include "tests/conformance/authorization_matrix.h"

#include <gtest/gtest.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/conformance/authorization_requests.h"
#include "tests/conformance/authorization_scene.h"
#include "tests/conformance/database_digest.h"
#include "tests/conformance/json_calls.h"
#include "tests/conformance/published_methods.h"
#include "tests/support/folders.h"
#include "tests/support/house.h"

namespace usher {
namespace authorization_matrix_test {

using ::google::protobuf::Message;
using ::google::protobuf::MethodDescriptor;

constexpr char kRequestId[] = "authorization-matrix-test";

const Matrix& TheMatrix() {
  static const auto* const matrix =
      new Matrix(ReadMatrix(SourceFolder() + "/tests/conformance/authorization_matrix.txt"));
  return *matrix;
}

const Matrix& GuestMatrix() {
  static const auto* const matrix =
      new Matrix(ReadMatrix(SourceFolder() + "/tests/conformance/authorization_guests.txt"));
  return *matrix;
}

// Two columns more, which follow from the others: "mc" holds MANAGE_COMPANY and may update the own
// company, "mb" holds MANAGE_BILLING; else they may what a member may who holds nothing.
const Matrix& ManagerMatrix() {
  static const auto* const matrix = [] {
    auto* const derived = new Matrix(TheMatrix());
    derived->actors = {"mc", "mb"};
    for (MatrixRow& row : derived->rows) {
      const Cell member = row.cells.at("mem");
      const Cell administrator = row.cells.at("gp");
      const bool updates = row.rpc == "companyUpdate" && row.with == "-";
      row.cells = {{"mc", updates ? administrator : member}, {"mb", member}};
    }
    return derived;
  }();
  return *matrix;
}

// What the reply is searched for to see whether it tells of the object; nothing where the rpc lists
// nothing. The key of a map: a room below another one names it as well.
std::optional<std::string> WhatTells(const std::string& rpc, const Target& target) {
  const auto key = [](const std::string& id) { return absl::StrCat("key: \"", id, "\""); };
  if (rpc == "listAuthentications" || rpc == "userList") return key(target.person.user);
  if (rpc == "List" || rpc == "Status") return key(target.room);
  if (rpc == "companyList") return target.mark;
  if (rpc == "findRights") return absl::StrCat("room_id: \"", target.room, "\"");
  return std::nullopt;
}

// Of a bulk call the code of its one entity.
::common::ReplyStatusCode CodeOf(const Answer& answer) {
  if (answer.info.statuscode() != ::common::PARTIAL_ERROR) return answer.info.statuscode();
  ::roomService::RoomsUpdateReply bulk;
  bulk.ParseFromString(answer.reply->SerializeAsString());
  return bulk.updatereplies_size() == 1 ? bulk.updatereplies().begin()->second.statuscode()
                                        : ::common::PARTIAL_ERROR;
}

::common::ReplyStatusCode CodeDue(const MatrixRow& row, const Cell& cell) {
  static const auto* const stopped_before = new std::set<::common::ReplyStatusCode>{
      ::common::ACCESS_INFO_MISSING, ::common::AUTHENTICATION_ERROR, ::common::ACCOUNT_STATUS_ERROR,
      ::common::INSUFFICIENT_PERMISSIONS};
  const bool gets_past = stopped_before->count(cell.code) == 0;
  return row.pending && gets_past ? ::common::NOT_IMPLEMENTED : cell.code;
}

// A reply as text, in which the IDs of the object are no longer told apart.
std::string Anonymous(const Answer& answer, const Target& target) {
  return absl::StrReplaceAll(answer.reply->DebugString(), {{target.person.user, "(user)"},
                                                           {target.room, "(room)"},
                                                           {target.person.company, "(company)"}});
}

// What the cases share.
class Stage {
 public:
  static Stage& Get() {
    static auto* const stage = new Stage();
    return *stage;
  }

  Scene& scene() { return scene_; }

  // Everything that comes before a call: what it makes is no change of the call.
  Question QuestionOf(const MatrixRow& row, const Actor& actor, const std::string& object) {
    Question question;
    question.with = row.with;
    question.actor = actor;
    question.target = scene_.target(object, actor);
    question.own_room = scene_.target("own", actor).room;
    question.open_room = scene_.OpenRoom(actor.person.company);
    return question;
  }

  Digest Look() { return digest_.Take(); }

 private:
  Stage() : scene_(House::Get()), digest_(House::Get()) {}

  Scene scene_;
  DatabaseDigest digest_;
};

class AuthorizationMatrixTest : public ::testing::TestWithParam<MatrixRow> {
 protected:
  virtual bool Takes(const MethodDescriptor& /*method*/) const { return true; }
  virtual Answer Carry(const MethodDescriptor& method, const Message& request) {
    return Call(House::Get(), method, request);
  }

  void CheckAll() {
    for (const std::string& service : row_.services) {
      const MethodDescriptor* method = FindPublishedMethod(absl::StrCat(service, ".", row_.rpc));
      ASSERT_NE(method, nullptr) << service << "." << row_.rpc << " is not published";
      if (!Takes(*method)) continue;
      for (const auto& [actor, cell] : row_.cells) {
        SCOPED_TRACE(absl::StrCat(actor, " asks ", service, ".", row_.rpc, " about ", row_.object,
                                  " with ", row_.with));
        Check(*method, actor);
      }
    }
  }

  void Check(const MethodDescriptor& method, const std::string& actor_name) {
    const Actor actor = stage_.scene().actor(actor_name);
    const Cell& cell = row_.cells.at(actor_name);
    const ::common::ReplyStatusCode due = CodeDue(row_, cell);
    const Question question = stage_.QuestionOf(row_, actor, row_.object);
    const bool refusal = due != ::common::OK;
    const Digest before = refusal ? stage_.Look() : Digest();
    const Answer answer = Ask(method, question);
    ASSERT_TRUE(answer.status.ok()) << answer.status.error_message();
    const ::common::ReplyStatusCode code = CodeOf(answer);
    EXPECT_EQ(::common::ReplyStatusCode_Name(code), ::common::ReplyStatusCode_Name(due))
        << answer.info.statusmessage();
    if (refusal) ExpectNothingChanged(before);
    if (code == ::common::OK) {
      CheckTelling(answer, question.target, cell);
      Forget(actor);
    }
    if (IsForeign(question) && (refusal || !cell.tells)) {
      ExpectLikeNone(method, question, answer);
    }
  }

  Answer Ask(const MethodDescriptor& method, const Question& question) {
    const std::unique_ptr<Message> request = RequestFor(method, question);
    SetAccess(question.actor.token, kRequestId, request.get());
    return Carry(method, *request);
  }

  void ExpectNothingChanged(const Digest& before) {
    const Digest after = stage_.Look();
    for (const auto& [table, digest] : before) {
      EXPECT_EQ(after.at(table), digest) << "was refused, and changed " << table;
    }
  }

  void CheckTelling(const Answer& answer, const Target& target, const Cell& cell) {
    const std::optional<std::string> mark = WhatTells(row_.rpc, target);
    if (!mark.has_value()) return;
    const bool tells = answer.reply->DebugString().find(*mark) != std::string::npos;
    EXPECT_EQ(tells, cell.tells) << answer.reply->DebugString().substr(0, 400);
  }

  // What has been changed so that it would answer otherwise next time is not used again.
  void Forget(const Actor& actor) {
    static const auto* const changing =
        new std::set<std::string>{"permission", "deactivate", "removeAll"};
    const bool updates = row_.rpc == "authenticationUpdate" || row_.rpc == "userUpdate";
    if (row_.rpc == "userDestroy" || row_.rpc == "endAll" ||
        (updates && changing->count(row_.with) > 0)) {
      stage_.scene().ForgetPerson(row_.object, actor);
    } else if (row_.rpc == "Destroy") {
      stage_.scene().ForgetRoom(row_.object, actor);
    }
  }

  // companyList tells the display name of any company to who names it: that is documented.
  bool IsForeign(const Question& question) const {
    return row_.object != "none" && row_.rpc != "authenticate" && row_.rpc != "companyList" &&
           question.target.person.company != question.actor.person.company;
  }

  void ExpectLikeNone(const MethodDescriptor& method, const Question& question,
                      const Answer& answer) {
    const Question twin = stage_.QuestionOf(row_, question.actor, "none");
    const Answer none = Ask(method, twin);
    EXPECT_EQ(Anonymous(answer, question.target), Anonymous(none, twin.target))
        << "another company's object can be told from none";
  }

  Stage& stage_ = Stage::Get();
  const MatrixRow& row_ = GetParam();
};

TEST_P(AuthorizationMatrixTest, AnswersEveryActorAsWritten) { CheckAll(); }

class AuthorizationByJsonTest : public AuthorizationMatrixTest {
 protected:
  bool Takes(const MethodDescriptor& method) const override { return HasJsonPath(method); }
  Answer Carry(const MethodDescriptor& method, const Message& request) override {
    return CallByJson(House::Get(), method, request);
  }
};

TEST_P(AuthorizationByJsonTest, AnswersEveryActorAsWritten) { CheckAll(); }

std::string NameOf(const ::testing::TestParamInfo<MatrixRow>& info) {
  const MatrixRow& row = info.param;
  const std::string service = row.services[0].substr(row.services[0].rfind('.') + 1);
  std::string name = absl::StrCat(service, "_", row.rpc);
  if (row.object != "-") absl::StrAppend(&name, "_", row.object);
  if (row.with != "-") absl::StrAppend(&name, "_", row.with);
  return name;
}

INSTANTIATE_TEST_SUITE_P(Rows, AuthorizationMatrixTest, ::testing::ValuesIn(TheMatrix().rows),
                         NameOf);
// The first row of each rpc, and one in ten of the others.
std::vector<MatrixRow> Sample() {
  std::vector<MatrixRow> sample;
  std::set<std::string> seen;
  for (const Matrix* matrix : {&TheMatrix(), &GuestMatrix()}) {
    for (size_t i = 0; i < matrix->rows.size(); ++i) {
      const MatrixRow& row = matrix->rows[i];
      const bool first = matrix == &TheMatrix() && seen.insert(row.services[0] + row.rpc).second;
      if (first || i % 10 == 0) sample.push_back(row);
    }
  }
  return sample;
}

std::string NumberedNameOf(const ::testing::TestParamInfo<MatrixRow>& info) {
  return absl::StrCat(NameOf(info), "_", info.index);  // guests have rows of the same name
}

INSTANTIATE_TEST_SUITE_P(Sample, AuthorizationByJsonTest, ::testing::ValuesIn(Sample()),
                         NumberedNameOf);
INSTANTIATE_TEST_SUITE_P(Guests, AuthorizationMatrixTest, ::testing::ValuesIn(GuestMatrix().rows),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Managers, AuthorizationMatrixTest,
                         ::testing::ValuesIn(ManagerMatrix().rows), NameOf);

std::set<std::string> RpcsOf(const Matrix& matrix) {
  std::set<std::string> rpcs;
  for (const MatrixRow& row : matrix.rows) {
    for (const std::string& service : row.services) rpcs.insert(service + "." + row.rpc);
  }
  return rpcs;
}

TEST(AuthorizationMatrixFileTest, EveryPublishedRpcHasRows) {
  const std::set<std::string> written = RpcsOf(TheMatrix());
  for (const MethodDescriptor* method : PublishedMethods()) {
    EXPECT_EQ(written.count(method->full_name()), 1U)
        << method->full_name() << ": who may call it? Write rows into authorization_matrix.txt";
  }
}

TEST(AuthorizationMatrixFileTest, EveryPublishedRpcSaysWhatGuestsMay) {
  const std::set<std::string> written = RpcsOf(GuestMatrix());
  for (const MethodDescriptor* method : PublishedMethods()) {
    EXPECT_EQ(written.count(method->full_name()), 1U)
        << method->full_name() << ": may guests? Write rows into authorization_guests.txt";
  }
}

TEST(AuthorizationMatrixFileTest, EveryClosedRpcRefusesSomebodyWithoutAToken) {
  for (const MatrixRow& row : TheMatrix().rows) {
    const bool open = row.rpc == "authenticate" || row.rpc == "requestPasswordReset" ||
                      row.rpc == "companyAvailable";
    EXPECT_EQ(row.cells.at("anon").code == ::common::ACCESS_INFO_MISSING, !open) << row.rpc;
  }
}

}  // namespace authorization_matrix_test
}  // namespace usher
