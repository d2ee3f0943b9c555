//! The verbs behind a list of names, and the part in a task that each gives.

use super::name;
use super::parse::Said;

/// Verbs behind names, longest first, and the part they give.
pub(crate) const VERBS: &[(&str, Said)] = &[
    ("按照职责分工分别负责", Said::Duty),
    ("按照各自职责分工负责", Said::Duty),
    ("按各自职责分工负责", Said::Duty),
    ("按照各自职责负责", Said::Duty),
    ("按照职责分工负责", Said::Duty),
    ("根据职责分工负责", Said::Duty),
    ("按职责分工分别负责", Said::Duty),
    ("按职责分工负责", Said::Duty),
    ("按分工负责", Said::Duty),
    ("按职责分工落实", Said::Duty),
    ("按照职责分工落实", Said::Duty),
    ("按职责分工协同推进", Said::Duty),
    ("按职责分工推进", Said::Duty),
    ("按职责分工配合", Said::Support),
    ("按职责分工参与", Said::Support),
    ("按职责分工参加", Said::Support),
    ("按照职责分工配合", Said::Support),
    ("按照职责分工", Said::Duty),
    ("按职责分工", Said::Duty),
    ("按各自职责", Said::Duty),
    ("按职责负责", Said::Duty),
    ("按职责", Said::Duty),
    ("依职责分工负责", Said::Duty),
    ("依职责负责", Said::Duty),
    ("牵头组织实施", Said::Lead),
    ("牵头并负责落实", Said::Lead),
    ("负责牵头", Said::Lead),
    ("共同牵头负责", Said::Lead),
    ("牵头负责", Said::Lead),
    ("牵头落实", Said::Lead),
    ("牵头抓总", Said::Lead),
    ("牵头推进", Said::Lead),
    ("共同牵头", Said::Lead),
    ("为牵头单位", Said::Lead),
    ("为牵头部门", Said::Lead),
    ("为主负责", Said::Lead),
    ("牵头", Said::Lead),
    ("主办", Said::Lead),
    ("为配合单位", Said::Support),
    ("为责任单位", Said::Listed),
    ("积极参与配合", Said::Support),
    ("共同参与", Said::Support),
    ("分工配合", Said::Support),
    ("协同配合", Said::Support),
    ("配合落实", Said::Support),
    ("参与配合", Said::Support),
    ("积极配合", Said::Support),
    ("密切配合", Said::Support),
    ("予以配合", Said::Support),
    ("协助配合", Said::Support),
    ("配合", Said::Support),
    ("参与", Said::Support),
    ("参加", Said::Support),
    ("协助", Said::Support),
    ("协办", Said::Support),
    ("协同", Said::Support),
    ("各负其责", Said::Duty),
    ("各司其职", Said::Duty),
    ("分头负责", Said::Duty),
    ("分工负责", Said::Duty),
    ("分别负责", Said::Duty),
    ("共同负责", Said::Duty),
    ("联合负责", Said::Duty),
    ("具体负责", Said::Duty),
    ("负责落实", Said::Duty),
    ("负责实施", Said::Duty),
    ("组织实施", Said::Duty),
    ("具体实施", Said::Duty),
    ("组织落实", Said::Duty),
    ("贯彻落实", Said::Duty),
    ("抓好落实", Said::Duty),
    ("负责办理", Said::Duty),
    ("分别落实", Said::Duty),
    ("负责", Said::Duty),
    ("承办", Said::Duty),
    ("落实", Said::Duty),
    ("实施", Said::Duty),
];

/// A verb with its object behind it: 政策研究室负责起草, 信息中心牵头做好公开.
pub(crate) fn verb_with_object(piece: &str) -> Option<(usize, Said)> {
    const VERBS_WITH_OBJECT: &[(&str, Said)] = &[
        ("牵头", Said::Lead),
        ("负责", Said::Duty),
        ("做好", Said::Duty),
        ("配合", Said::Support),
        ("协助", Said::Support),
    ];
    VERBS_WITH_OBJECT.iter().find_map(|(verb, said)| {
        let at = piece.find(verb).filter(|at| *at > 0)?;
        let object = &piece[at + verb.len()..];
        (name::is_unit(&piece[..at])
            && object.chars().count() <= 24
            && !name::is_unit(object)
            && !object.starts_with(['人', '制']))
        .then_some((at, *said))
    })
}
