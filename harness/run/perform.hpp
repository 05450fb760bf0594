// What each verb does: one overload per step type, chosen by std::visit, so that a verb without one doesn't compile.
#pragma once

#include "harness/run/session.hpp"

namespace v2x::run {

// perform_plant.cpp
StepResult perform(const scenario::Advance& step, Session& session);
StepResult perform(const scenario::At& step, Session& session);
StepResult perform(const scenario::Set& step, Session& session);
StepResult perform(const scenario::Clear& step, Session& session);
StepResult perform(const scenario::Gateway& step, Session& session);

// perform_devices.cpp
StepResult perform(const scenario::Vehicle& step, Session& session);
StepResult perform(const scenario::Fault& step, Session& session);
StepResult perform(const scenario::Reset& step, Session& session);
StepResult perform(const scenario::Bus& step, Session& session);
StepResult perform(const scenario::Modbus& step, Session& session);

// perform_processes.cpp
StepResult perform(const scenario::Process& step, Session& session);
StepResult perform(const scenario::FailAt& step, Session& session);
/// SIGKILL or SIGTERM; the simulator doesn't wait for it.
StepResult end_backend(scenario::Process::Act act, Session& session);
StepResult start_backend(Session& session);

// perform_crashes.cpp
StepResult perform(const scenario::Crashes& step, Session& session);

// perform_network.cpp
StepResult perform(const scenario::Wan& step, Session& session);
StepResult perform(const scenario::Smtp& step, Session& session);
/// The mail server is the harness's own: acts on its process are kinds of conduct.
StepResult act_on_mail_server(scenario::Process::Act act, Session& session);

// perform_operator.cpp
StepResult perform(const scenario::Operator& step, Session& session);

// perform_people.cpp
StepResult perform(const scenario::Register& step, Session& session);
StepResult perform(const scenario::DealerSignUp& step, Session& session);
StepResult perform(const scenario::Activate& step, Session& session);
StepResult perform(const scenario::LogIn& step, Session& session);
StepResult perform(const scenario::LogOut& step, Session& session);
StepResult perform(const scenario::Claim& step, Session& session);
StepResult perform(const scenario::Link& step, Session& session);
StepResult perform(const scenario::Unlink& step, Session& session);
StepResult perform(const scenario::Release& step, Session& session);
StepResult perform(const scenario::ChangeProfile& step, Session& session);
StepResult perform(const scenario::ChangePassword& step, Session& session);
StepResult perform(const scenario::ForgotPassword& step, Session& session);
StepResult perform(const scenario::Contacts& step, Session& session);
StepResult perform(const scenario::Page& step, Session& session);

// perform_settings.cpp
StepResult perform(const scenario::ReadSettings& step, Session& session);
StepResult perform(const scenario::ChangeSettings& step, Session& session);
StepResult perform(const scenario::Weather& step, Session& session);

// perform_api.cpp
StepResult perform(const scenario::Api& step, Session& session);

// perform_checks.cpp
StepResult perform(const scenario::Expect& step, Session& session);
StepResult perform(const scenario::Measure& step, Session& session);
StepResult perform(const scenario::Truth& step, Session& session);
StepResult perform(const scenario::Ledger& step, Session& session);

// perform_mail.cpp
StepResult perform(const scenario::Mail& step, Session& session);

}  // namespace v2x::run
