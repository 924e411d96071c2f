// What rows of authorization_matrix.txt ask of the business logic service.
#include <businessLogicService/businessLogicService.pb.h>
#include <usher/businesslogic/v1/permission_groups.pb.h>

#include "tests/conformance/request_filling.h"

namespace usher {
namespace {

// --- BusinessLogicService

void Fill(const Question& question, ::businessLogicService::FavoritesListRequest& request) {
  ExpectPlain(question);
  request.set_userid(question.target.person.user);
}

void Fill(const Question& question, ::businessLogicService::FavoritesUpdateRequest& request) {
  if (question.with == "room") {
    (*request.mutable_roomids())[question.target.room] = true;
  } else {
    ExpectPlain(question);
    request.set_userid(question.target.person.user);
    (*request.mutable_roomids())[question.open_room] = true;
  }
}

void Fill(const Question& question, ::businessLogicService::CompanyPermissionGroupsListRequest&) {
  ExpectPlain(question);
}

// --- PermissionGroupService

void Fill(const Question& question, ::usher::businesslogic::v1::PutRequest& request) {
  ExpectPlain(question);
  request.set_group_id("staff");
  request.mutable_group()->set_name("Staff");
}

void Fill(const Question& question, ::usher::businesslogic::v1::RemoveRequest& request) {
  ExpectPlain(question);
  request.set_group_id("nobody has it");
}

}  // namespace

Fillers FillersOfBusinessLogic() {
  return FillersOf<
      ::businessLogicService::FavoritesListRequest, ::businessLogicService::FavoritesUpdateRequest,
      ::businessLogicService::CompanyPermissionGroupsListRequest,
      ::usher::businesslogic::v1::PutRequest, ::usher::businesslogic::v1::RemoveRequest>(
      [](const Question& question, auto& request) { Fill(question, request); });
}

}  // namespace usher
