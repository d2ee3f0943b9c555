//! `GET /api/v1/ledger?as_of=&region=&unit=&function=`: the packs' ledger, tasks and what is to be reported beside them,
//! as `leye ledger --json` prints it. Its keys are told in `policy::ledger::Contract`.

use axum::response::Response;
use civil::Day;
use policy::ledger::{AsOf, AsOfBasis, Scope, Sources, contract};

use crate::error::Error;
use crate::visit::Visit;

pub(super) async fn show(visit: Visit) -> Result<Response, Error> {
    let (app, address) = (&visit.app, &visit.address);
    let as_of = match address.get("as_of") {
        Some(text) => AsOf {
            day: Day::parse(text).map_err(|_| Error::unprocessable("as_of 不是有效日期", "请写成 2020-12-31"))?,
            basis: AsOfBasis::Asked,
        },
        None => AsOf {
            day: app.today(),
            basis: AsOfBasis::Today,
        },
    };
    let scope = Scope::of(
        &app.catalogue.library,
        address.get("region"),
        address.get("unit"),
        address.get("function"),
    )
    .map_err(|refused| Error::unprocessable(refused.message, refused.hint))?;
    let wordings = app.wordings();
    let sources = Sources {
        wordings: &wordings,
        day: as_of.day,
    };
    let duties = scope.duties(&sources);
    super::answer(&contract(&scope, as_of, &duties))
}
