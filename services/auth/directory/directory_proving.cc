#include "services/auth/directory/directory_proving.h"

#include <optional>
#include <utility>

#include "common/status/try.h"
#include "services/auth/method/method.h"

namespace usher::auth {

absl::StatusOr<Recognised> DirectoryProving::Recognise(
    const CallContext& call, const Question& question, const DirectoryProof& proof,
    const absl::Status& refusal, absl::FunctionRef<bool(const Recognised&)> may) {
  const Guess guess = {.company = question.company,
                       .principal = PrincipalKey(KeyType::kLdap, proof.username),
                       .user = question.user,
                       .what = question.what};
  std::optional<Recognised> recognised;
  RETURN_IF_ERROR(throttle_.Check(call, guess, refusal, [&]() -> absl::StatusOr<bool> {
    const std::shared_ptr<Directory> directory =
        question.company.empty() ? nullptr : directories_.Of(question.company);
    if (directory == nullptr || IsBlank(proof.password)) return false;
    ASSIGN_OR_RETURN(std::optional<DirectoryPerson> person, directory->Recognise(call, proof));
    if (!person.has_value()) return false;
    recognised = Recognised{*std::move(person), directory->rules()};
    return may(*recognised);
  }));
  return *std::move(recognised);
}

}  // namespace usher::auth
