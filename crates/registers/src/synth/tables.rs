//! Which registers are written, and which of their columns, in which order. Names are the ids of
//! `policies/shared/registers.toml`; the headers in the files are that file's labels.

macro_rules! tables {
    ($($name:ident = $register:literal: $($column:literal)*;)*) => {
        /// A register that a synthetic region has.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Table { $($name,)* }

        /// All of them.
        pub(super) const TABLES: &[Table] = &[$(Table::$name,)*];

        impl Table {
            /// The id of the register, and the name of its file.
            pub(super) fn register(self) -> &'static str {
                match self { $(Self::$name => $register,)* }
            }

            /// The columns that are written.
            pub(super) fn columns(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($column,)*],)* }
            }
        }
    };
}

tables! {
    Person = "person": "person" "name" "sex" "birth_date" "person_no" "phone" "education" "first_work_date"
        "residence_region" "status" "account" "household_region" "is_unemployed";
    IdChange = "id-change": "old_person" "person" "changed_on";
    HouseholdMember = "household-member": "household_no" "person" "relation" "member_status" "in_subsistence";
    Graduate = "graduate": "person" "school" "education" "is_graduate" "graduation_date" "studies_in_ningbo"
        "is_university_student" "left_school_date";
    HardToEmploy = "hard-to-employ": "person" "difficulty_kind" "recognised_on" "is_hard_to_employ"
        "in_zero_employment_household";
    Veteran = "veteran": "person" "discharge_date" "is_self_employed_veteran" "is_veteran";
    Disabled = "disabled": "person" "disability_grade" "issued_on" "expires_on" "is_disabled";
    Hardship = "hardship": "person" "hardship_kind" "recognised_on" "in_subsistence_household";
    Certificate = "certificate": "person" "certificate_no" "occupation" "issued_on" "skill_level";
    FlexibleWork = "flexible-work": "person" "registered_on" "in_flexible_work";
    Pension = "pension": "person" "from" "draws_basic_pension";
    Death = "death": "person" "died_on";
    Imprisonment = "imprisonment": "person" "from";
    PersonFinding = "person-finding": "person" "found_on" "owns_home_in_city";
    Employer = "employer": "employer" "name" "employer_no" "industry" "registered_on" "status" "legal_person"
        "account_name" "account" "kind" "region";
    EmployerSize = "employer-size": "employer" "size";
    EmployerInsurance = "employer-insurance": "employer" "employer_no" "staff" "insured_staff";
    Premium = "premium": "employer" "month" "headcount" "due_fen" "paid_fen" "unemployment_paid_fen";
    Employment = "employment": "person" "employer" "contract_date" "start_date" "end_date" "left_on" "leaving_reason"
        "contract_kind" "contract_months";
    EmploymentInsurance = "employment-insurance": "person" "employer" "ended_on" "insured" "insured_since";
    Contribution = "contribution": "person" "employer" "month" "base_fen" "pension" "unemployment" "medical" "injury"
        "paid" "paid_fen" "paid_on";
    Unemployment = "unemployment": "person" "registered_date" "former_employer" "leaving_reason" "benefit_from"
        "benefit_to" "cancelled_on" "cancel_reason" "contract_end_date" "benefit_end_date" "was_insured";
    Training = "training": "person" "class_no" "institution" "occupation" "start_date" "end_date" "attended_days"
        "estimate_fen" "actual_fen" "accepted";
    Internship = "internship": "person" "employer" "start_date" "planned_end_date" "ended_on" "retained" "group"
        "interrupted_months";
    Startup = "startup": "founder" "employer" "closed_on" "registration_date" "jobs_created" "venture" "region"
        "kind";
    Loan = "loan": "loan_no" "borrower" "lender" "due_date" "repaid_on" "application_date" "issue_date" "amount_fen"
        "rate" "is_startup_guaranteed";
    Post = "post": "person" "employer" "start_date" "end_date" "post_name";
    Placement = "placement": "person" "employer" "institution" "placed_on";
    Institution = "institution": "institution" "name" "region" "registered_on" "account_name" "account" "kind";
    BenefitHistory = "benefit-history": "benefit" "person" "employer" "granted_on" "from" "to" "months" "amount_fen";
}
